using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Controllers;

/// <summary>Makes what owners own.</summary>
internal static class PodTemplates
{
    /// <summary>A pod after an owner's template.</summary>
    public static JsonObject Pod(JsonObject owner, ResourceKind kind) => Pod(owner, kind, owner.Object("spec").Object("template") ?? []);

    /// <summary>A pod after one of the templates that an owner had.</summary>
    public static JsonObject Pod(JsonObject owner, ResourceKind kind, JsonObject template)
    {
        var metadata = new JsonObject { ["generateName"] = $"{owner.Name()}-", ["namespace"] = owner.Namespace() };
        foreach (var field in new[] { "labels", "annotations" })
        {
            if (template.Object("metadata").Object(field) is { } values)
            {
                metadata[field] = values.DeepClone();
            }
        }

        metadata["ownerReferences"] = new JsonArray(Reference(owner, kind));
        return new JsonObject
        {
            ["kind"] = "Pod",
            ["apiVersion"] = "v1",
            ["metadata"] = metadata,
            ["spec"] = template["spec"]?.DeepClone() ?? new JsonObject(),
        };
    }

    public static JsonObject Reference(JsonObject owner, ResourceKind kind) => new()
    {
        ["apiVersion"] = kind.ApiVersion(kind.Storage),
        ["kind"] = kind.Kind,
        ["name"] = owner.Name(),
        ["uid"] = owner.Uid(),
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };
}
