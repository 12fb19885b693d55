using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Controllers;

/// <summary>Finds what a controller's objects own, and whose something is.</summary>
internal static class Ownership
{
    /// <summary>The object of a kind that controls another one; none: nothing does, or something of another kind.</summary>
    public static IEnumerable<ObjectRef> OwnerOf(JsonObject owned, ResourceKind kind) =>
        owned.ControllerReference() is { } owner && owner.Text("kind") == kind.Kind
            ? [new ObjectRef(kind.GroupResource, owned.Namespace(), owner.Text("name"))]
            : [];

    /// <summary>The objects of a kind that an object controls.</summary>
    public static IEnumerable<JsonObject> OwnedBy(this ObjectStore store, ResourceKind kind, JsonObject owner) =>
        store.List(kind, owner.Namespace()).Where(owned => owned.ControllerReference().Text("uid") == owner.Uid());
}
