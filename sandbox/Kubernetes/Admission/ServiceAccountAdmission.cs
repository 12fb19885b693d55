using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Admission;

/// <summary>Gives every pod a service account that is there, and what else a server adds to new pods.</summary>
internal sealed class ServiceAccountAdmission(ClusterState cluster) : IAdmission
{
    private static readonly ResourceKind Accounts = BuiltinKinds.Find("", "serviceaccounts");

    public void Admit(AdmissionRequest request)
    {
        if (!request.IsCreate || request.Kind.GroupResource != "pods")
        {
            return;
        }

        var (pod, spec) = (request.Object, request.Object.Need("spec"));
        if (spec.Text("serviceAccountName").Length == 0)
        {
            spec["serviceAccountName"] = "default";
        }

        var account = spec.Text("serviceAccountName");
        if (cluster.Store.Find(Accounts, pod.Namespace(), account) is null)
        {
            throw Refusals.Forbidden(
                request.Kind,
                pod.Name(),
                $"error looking up service account {pod.Namespace()}/{account}: serviceaccount \"{account}\" not found");
        }

        spec["priority"] ??= 0;
        spec["preemptionPolicy"] ??= "PreemptLowerPriority";
        Tolerate(spec, "node.kubernetes.io/not-ready");
        Tolerate(spec, "node.kubernetes.io/unreachable");
    }

    private static void Tolerate(JsonObject spec, string key)
    {
        if (spec.Objects("tolerations").Any(toleration => toleration.Text("key") == key))
        {
            return;
        }

        if (spec["tolerations"] is not JsonArray tolerations)
        {
            spec["tolerations"] = tolerations = [];
        }

        tolerations.Add(new JsonObject
        {
            ["key"] = key,
            ["operator"] = "Exists",
            ["effect"] = "NoExecute",
            ["tolerationSeconds"] = 300,
        });
    }
}
