using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Storage;

/// <summary>The fields of metadata that only the server writes, and the order in which fields are shown.</summary>
internal static class ServerFields
{
    private static readonly string[] Kept =
        ["uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generateName"];

    private static readonly string[] Metadata =
    [
        "name", "generateName", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
        "deletionGracePeriodSeconds", "labels", "annotations", "ownerReferences", "finalizers", "managedFields",
    ];

    public static IReadOnlyList<string> AtCreate { get; } =
        ["uid", "selfLink", "generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"];

    /// <summary>Puts back what only the server may change.</summary>
    public static void Keep(JsonObject current, JsonObject wanted)
    {
        var (from, to) = (current.Metadata(), wanted.Metadata());
        to.Remove("selfLink");
        foreach (var field in Kept)
        {
            if (from[field] is { } value)
            {
                to[field] = value.DeepClone();
            }
            else
            {
                to.Remove(field);
            }
        }
    }

    /// <summary>The same object with its fields in the order in which a server shows them, without empty ones.</summary>
    public static JsonObject Order(JsonObject node)
    {
        var metadata = node.Metadata();
        foreach (var field in new[] { "labels", "annotations", "ownerReferences", "finalizers", "managedFields" })
        {
            if (metadata[field] is JsonObject { Count: 0 } or JsonArray { Count: 0 } or null)
            {
                metadata.Remove(field);
            }
        }

        Reorder(metadata, Metadata);
        Reorder(node, ["kind", "apiVersion", "metadata"]);
        return node;
    }

    private static void Reorder(JsonObject node, IReadOnlyList<string> first)
    {
        var rest = node.Select(pair => pair.Key).Except(first).ToList();
        foreach (var field in first.Concat(rest).Where(node.ContainsKey).ToList())
        {
            var value = node[field];
            node.Remove(field);
            node[field] = value;
        }
    }
}
