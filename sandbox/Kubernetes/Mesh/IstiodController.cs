using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Controllers;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Pods;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Mesh;

/// <summary>
/// What a ready istiod does by itself: its certificate into its webhooks, its validators strict, its root certificate into every
/// namespace, and the locks of its leader election.
/// </summary>
internal sealed class IstiodController(ClusterState cluster, Istiods istiods, MeshRoots roots) : IController
{
    private const string RootCertificate = "istio-ca-root-cert";
    private const string Leader = "control-plane.alpha.kubernetes.io/leader";
    private static readonly WriteFacts Facts = new("pilot-discovery");
    private static readonly ResourceKind Pods = BuiltinKinds.Find("", "pods");
    private static readonly ResourceKind Namespaces = BuiltinKinds.Find("", "namespaces");
    private static readonly ResourceKind Maps = BuiltinKinds.Find("", "configmaps");
    private static readonly ResourceKind Validating = BuiltinKinds.Find("admissionregistration.k8s.io", "validatingwebhookconfigurations");
    private static readonly string[] Locks = ["istio-leader", "istio-namespace-controller-election", "istio-gateway-status-leader"];

    public IEnumerable<ObjectRef> Affected(StoreChange change)
    {
        var own = change.Object.Name();
        var matters = change.Kind.GroupResource switch
        {
            "pods" => Istiods.Is(change.Object),
            "namespaces" => change.Before is null,
            "configmaps" => own == RootCertificate || Locks.Contains(own),
            "secrets" => MeshRoots.IsOne(change.Kind, own),
            var name => name == Istiods.Injectors.GroupResource || name == Validating.GroupResource,
        };

        // Whatever it was, each ready istiod looks after all that is its own.
        return matters ? istiods.Ready().Select(pod => ObjectRef.To(Pods, pod)).ToList() : [];
    }

    public void Reconcile(ObjectRef target)
    {
        if (cluster.Store.Find(Pods, target.Namespace, target.Name) is not { } pod || !PodFacts.IsActive(pod) || !PodFacts.IsReady(pod))
        {
            return;
        }

        var revision = Istiods.RevisionOf(pod);
        var root = roots.Of(pod.Namespace());
        Sign(Istiods.Injectors, revision, root, isValidator: false);
        Sign(Validating, revision, root, isValidator: true);
        if (istiods.IsLeader(pod))
        {
            foreach (var ns in cluster.Store.List(Namespaces).Where(ns => !ns.IsTerminating()).Select(ObjectMeta.Name).ToList())
            {
                Publish(ns, root);
            }
        }

        foreach (var name in Locks)
        {
            var record = new JsonObject { ["holderIdentity"] = pod.Name(), ["leaseDurationSeconds"] = 30 }.ToJsonString();
            Make(pod.Namespace(), name, labels: null, new JsonObject { [Leader] = record }, data: null);
        }
    }

    // Somebody else's certificate under that name is overwritten, as istiod does.
    private void Publish(string ns, string root)
    {
        if (cluster.Store.Find(Maps, ns, RootCertificate) is not { } found)
        {
            Make(ns, RootCertificate, new JsonObject { ["istio.io/config"] = "true" }, annotations: null, new JsonObject { ["root-cert.pem"] = root });
        }
        else if (found.Object("data").Text("root-cert.pem") != root && !found.IsTerminating())
        {
            var shown = found.Copy();
            shown.Need("data")["root-cert.pem"] = root;
            cluster.Writer.Update(Maps, found, shown, Facts);
        }
    }

    private void Sign(ResourceKind kind, string revision, string root, bool isValidator)
    {
        var bundle = Convert.ToBase64String(Encoding.UTF8.GetBytes(root));
        foreach (var found in cluster.Store.List(kind).Where(found => found.Label(Istiods.RevisionLabel) == revision && !found.IsTerminating()).ToList())
        {
            var signed = found.Copy();
            foreach (var webhook in signed.Objects("webhooks"))
            {
                webhook.Need("clientConfig")["caBundle"] = bundle;
                if (isValidator)
                {
                    webhook["failurePolicy"] = "Fail";
                }
            }

            cluster.Writer.Update(kind, found, signed, Facts);
        }
    }

    private void Make(string ns, string name, JsonObject? labels, JsonObject? annotations, JsonObject? data)
    {
        if (cluster.Store.Find(Maps, ns, name) is not null)
        {
            return;
        }

        var metadata = new JsonObject { ["name"] = name, ["namespace"] = ns };
        if (labels is not null)
        {
            metadata["labels"] = labels;
        }

        if (annotations is not null)
        {
            metadata["annotations"] = annotations;
        }

        var made = new JsonObject { ["kind"] = "ConfigMap", ["apiVersion"] = "v1", ["metadata"] = metadata };
        if (data is not null)
        {
            made["data"] = data;
        }

        cluster.Writer.Create(Maps, made, Facts);
    }
}
