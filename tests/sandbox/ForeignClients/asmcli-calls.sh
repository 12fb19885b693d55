#!/usr/bin/env bash
# The calls of an install by asmcli 1.23, in its order, with its tools: gcloud, kubectl, curl, jq, openssl. What it does with local files
# (kpt, the mesh package, istioctl) is left out; the package's own objects stand for what istioctl applies.
# Environment: GOOGLE (the sandbox's address), KEY (its credentials file), TOKEN (a file with the token of an owner, who makes the calls), P L C F (project, location, cluster, fleet), WORK (a folder).
set -euo pipefail
export CLOUDSDK_CONFIG="$WORK/gcloud" KUBECONFIG="$WORK/kubeconfig"
export CLOUDSDK_CORE_DISABLE_PROMPTS=1 CLOUDSDK_CORE_DISABLE_USAGE_REPORTING=true CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK=true
export CLOUDSDK_AUTH_TOKEN_HOST="$GOOGLE/oauth2/token"
for api in container gkehub serviceusage cloudresourcemanager privateca iam; do
  export "CLOUDSDK_API_ENDPOINT_OVERRIDES_${api^^}=$GOOGLE/$api/"
done
export CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE="$GOOGLE/compute/v1/"
trap 'echo "failed at line $LINENO:" >&2; tail -5 "$WORK/errors" >&2' ERR
step() { echo "step $1"; }
fail() { echo "failed: $1" >&2; exit 1; }

step login
gcloud auth activate-service-account --key-file="$KEY" 2>>"$WORK/errors"
ACCOUNT=$(gcloud auth list --filter=status:ACTIVE --format='value(account)')
[ -n "$ACCOUNT" ] || fail "nobody is logged in"
export CLOUDSDK_AUTH_ACCESS_TOKEN_FILE="$TOKEN"

step credentials
gcloud container clusters get-credentials "$C" --project="$P" --zone="$L" 2>>"$WORK/errors"
CONTEXT=$(kubectl config current-context)
[ "$CONTEXT" = "gke_${P}_${L}_${C}" ] || fail "the context is $CONTEXT"
[ -n "$(gcloud container clusters list --project="$P" --filter="name = $C AND location = $L" --format='value(name)')" ] || fail "the cluster isn't listed"

step apis
gcloud services enable --project="$P" mesh.googleapis.com 2>>"$WORK/errors"
gcloud services enable --project="$F" meshconfig.googleapis.com meshca.googleapis.com 2>>"$WORK/errors"
gcloud services list --enabled --project="$P" --format='get(config.name)' | grep mesh.googleapis.com >/dev/null || fail "the API isn't enabled"

step cluster
[ "$(gcloud container clusters describe "$C" --project="$P" --zone="$L" --format=json | jq -r .workloadIdentityConfig.workloadPool)" = "$P.svc.id.goog" ] || fail "no workload identity"
gcloud container clusters update "$C" --project="$P" --zone="$L" --enable-stackdriver-kubernetes 2>>"$WORK/errors"

step registration
if kubectl get memberships.hub.gke.io membership >/dev/null 2>&1; then fail "registered already"; fi
for role in container.admin gkehub.admin; do
  gcloud projects add-iam-policy-binding "$P" --member "serviceAccount:$ACCOUNT" --role "roles/$role" --condition=None >/dev/null 2>>"$WORK/errors"
done
SELF=$(gcloud container clusters describe "$C" --project="$P" --zone="$L" --format='value(selfLink)')
gcloud container hub memberships register "$C" --project="$F" --enable-workload-identity --gke-uri="$SELF" 2>"$WORK/register" || fail "$(cat "$WORK/register")"
kubectl get crd memberships.hub.gke.io >/dev/null
OWNER=$(kubectl get memberships.hub.gke.io membership -o json | jq -r .spec.owner.id)
[ -n "$(kubectl get memberships.hub.gke.io membership -o jsonpath='{.spec.identity_provider}')" ] || fail "no identity provider"
gcloud container hub memberships list --project "$F" --format=json | jq -e --arg name "${OWNER#//gkehub.googleapis.com/}" 'any(.[]; .name == $name)' >/dev/null || fail "$OWNER isn't listed"

step label
NUMBER=$(gcloud projects describe "$F" --format='value(projectNumber)')
gcloud container clusters update "$C" --project="$P" --zone="$L" --update-labels="env=demo,mesh_id=proj-$NUMBER" 2>>"$WORK/errors"
gcloud container clusters describe "$C" --project="$P" --zone="$L" --format='value(resourceLabels)' | grep "mesh_id=proj-$NUMBER" >/dev/null || fail "no label"

step administrator
kubectl create clusterrolebinding "${ACCOUNT%%@*}-cluster-admin-binding" --clusterrole=cluster-admin --user="$ACCOUNT" --dry-run=client -o yaml | kubectl apply -f - >/dev/null
kubectl get clusterrolebinding -o json | jq -e --arg user "$ACCOUNT" '.items[] | select(.subjects[0].name == $user and .roleRef.name == "cluster-admin")' >/dev/null

step namespace
kubectl get ns | grep istio-system >/dev/null || kubectl create ns istio-system >/dev/null

step prerequisites
[ "$(gcloud container clusters describe "$C" --project="$P" --zone="$L" --format='value(autopilot.enabled)')" != True ] || fail "an Autopilot cluster"
gcloud container node-pools list --project="$P" --region="$L" --cluster="$C" --filter='config.machineType.split(sep="-").slice(-1:) >= 4' --format=json | jq -e 'length > 0' >/dev/null
[ "$(kubectl version -o json 2>>"$WORK/errors" | jq -r .serverVersion.minor | tr -d +)" -ge 15 ] || fail "an old Kubernetes"
[ "$(kubectl get deployment -A -o name | grep -c istiod || true)" = 0 ] || fail "another control plane"
gcloud projects add-iam-policy-binding "$F" --member "serviceAccount:$ACCOUNT" --role roles/meshconfig.admin --condition=None >/dev/null 2>>"$WORK/errors"
curl --fail -sS -X POST "$GOOGLE/meshconfig/v1alpha1/projects/$F:initialize" -H 'X-Server-Timeout: 600' -H 'Content-Type: application/json' \
  -H "Authorization: Bearer $(gcloud auth print-access-token)" -d "{\"workloadIdentityPools\":[\"$F.hub.id.goog\",\"$F.svc.id.goog\"]}" >/dev/null
gcloud projects get-iam-policy "$P" --flatten='bindings[].members' --filter="bindings.members:serviceAccount:$ACCOUNT" --format='value(bindings.role)' | grep roles/container.admin >/dev/null

step certificates
openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj '/O=Istio/CN=Root CA' -keyout "$WORK/ca-key.pem" -out "$WORK/ca-cert.pem" 2>>"$WORK/errors"
cp "$WORK/ca-cert.pem" "$WORK/root-cert.pem"; cp "$WORK/ca-cert.pem" "$WORK/cert-chain.pem"
kubectl create secret generic cacerts -n istio-system --from-file="$WORK/ca-cert.pem" --from-file="$WORK/ca-key.pem" \
  --from-file="$WORK/root-cert.pem" --from-file="$WORK/cert-chain.pem" >/dev/null

step network
[ -n "$(kubectl get ns istio-system -o jsonpath='{.metadata.labels.topology\.istio\.io/network}')" ] ||
  kubectl label ns istio-system "topology.istio.io/network=$P-vpc" >/dev/null

step controller
kubectl create ns asm-system --dry-run=client -o yaml | kubectl apply -f - >/dev/null
kubectl create deployment canonical-service-controller-manager -n asm-system --image=controller --dry-run=client -o yaml | kubectl apply -f - >/dev/null
kubectl wait --for=condition=available --timeout=600s deployment/canonical-service-controller-manager -n asm-system >/dev/null
kubectl logs -n asm-system deployment/canonical-service-controller-manager >/dev/null
kubectl auth can-i create deployments -n istio-system >/dev/null

step undo
gcloud container fleet memberships delete "$C" --location="$L" --project="$F" --quiet 2>>"$WORK/errors"
if kubectl get memberships.hub.gke.io membership >/dev/null 2>&1; then fail "still registered"; fi
step done
