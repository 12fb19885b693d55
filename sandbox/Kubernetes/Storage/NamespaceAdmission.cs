using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Storage;

/// <summary>Lets things only into namespaces that are there and stay.</summary>
internal sealed class NamespaceAdmission(ObjectStore store)
{
    private static readonly ResourceKind Namespaces = BuiltinKinds.Find("", "namespaces");

    /// <exception cref="KubeFailure">The namespace isn't there, or is about to go.</exception>
    public void CheckCreate(ResourceKind kind, string ns)
    {
        if (!kind.IsNamespaced)
        {
            return;
        }

        var found = store.Find(Namespaces, "", ns) ?? throw Refusals.NotFound(Namespaces, ns);
        if (found.IsTerminating())
        {
            throw Terminating(kind, ns);
        }
    }

    private static KubeFailure Terminating(ResourceKind kind, string ns)
    {
        var refusal = Refusals.Forbidden(kind, "", $"unable to create new content in namespace {ns} because it is being terminated");
        refusal.Details?.Add("causes", new JsonArray(new JsonObject
        {
            ["reason"] = "NamespaceTerminating",
            ["message"] = $"namespace {ns} is being terminated",
            ["field"] = "metadata.namespace",
        }));
        return refusal;
    }
}
