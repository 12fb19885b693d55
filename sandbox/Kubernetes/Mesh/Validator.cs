using MeshWorkflow.Sandbox.Kubernetes.Admission;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Mesh;

/// <summary>Asks the validators about the mesh's own resources. What one answers is always yes; that it answers is what counts.</summary>
internal sealed class Validator(ClusterState cluster, WebhookCalls webhooks) : IAdmission
{
    private static readonly ResourceKind Configurations = BuiltinKinds.Find("admissionregistration.k8s.io", "validatingwebhookconfigurations");

    public void Admit(AdmissionRequest request)
    {
        if (!request.Kind.Group.EndsWith(".istio.io", StringComparison.Ordinal))
        {
            return;
        }

        foreach (var webhook in cluster.Store.List(Configurations).SelectMany(found => found.Objects("webhooks")).ToList())
        {
            if (webhooks.IsFor(webhook, request.Kind, request.Object, request.IsCreate ? "CREATE" : "UPDATE"))
            {
                webhooks.Call(webhook);
            }
        }
    }
}
