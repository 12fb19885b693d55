using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;

namespace MeshWorkflow.Sandbox.Kubernetes.Storage;

/// <summary>A change of an object.</summary>
/// <param name="Revision">Its number; grows with every change in the cluster.</param>
/// <param name="Kind">The kind of the object.</param>
/// <param name="Before">The object before; null: it was made.</param>
/// <param name="After">The object after; null: it is gone.</param>
internal sealed record StoreChange(long Revision, ResourceKind Kind, JsonObject? Before, JsonObject? After)
{
    /// <summary>The object as it is, or was last.</summary>
    public JsonObject Object => After ?? Before ?? [];
}
