using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Storage;

/// <summary>Names an object of a cluster.</summary>
/// <param name="GroupResource">Its kind, such as <c>deployments.apps</c>.</param>
/// <param name="Namespace">Its namespace; empty: it lies in none.</param>
/// <param name="Name">Its name.</param>
internal readonly record struct ObjectRef(string GroupResource, string Namespace, string Name)
{
    public static ObjectRef To(ResourceKind kind, JsonObject found) => new(kind.GroupResource, found.Namespace(), found.Name());
}
