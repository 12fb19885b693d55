using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Namespaces;

/// <summary>What a namespace says that is to go but isn't empty yet.</summary>
internal static class NamespaceConditions
{
    public static JsonObject Waiting(JsonObject current, IReadOnlyList<(ResourceKind Kind, JsonObject Content)> left, DateTimeOffset now)
    {
        var wanted = current.Copy();
        var kinds = left.GroupBy(item => item.Kind.GroupResource, StringComparer.Ordinal)
            .Select(group => $"{group.Key} has {group.Count()} resource instances").Order(StringComparer.Ordinal);
        var finalizers = left.SelectMany(item => item.Content.Finalizers()).GroupBy(name => name, StringComparer.Ordinal)
            .Select(group => $"{group.Key} in {group.Count()} resource instances").Order(StringComparer.Ordinal).ToList();
        wanted.Need("status")["conditions"] = new JsonArray(
            Condition("NamespaceDeletionDiscoveryFailure", false, "ResourcesDiscovered", "All resources successfully discovered"),
            Condition("NamespaceDeletionGroupVersionParsingFailure", false, "ParsedGroupVersions", "All legacy kube types successfully parsed"),
            Condition("NamespaceDeletionContentFailure", false, "ContentDeleted", "All content successfully deleted, may be waiting on finalization"),
            Condition("NamespaceContentRemaining", true, "SomeResourcesRemain", $"Some resources are remaining: {string.Join(", ", kinds)}"),
            finalizers.Count == 0
                ? Condition("NamespaceFinalizersRemaining", false, "ContentHasNoFinalizers", "All content-preserving finalizers finished")
                : Condition(
                    "NamespaceFinalizersRemaining",
                    true,
                    "SomeFinalizersRemain",
                    $"Some content in the namespace has finalizers remaining: {string.Join(", ", finalizers)}"));
        return wanted;

        JsonObject Condition(string type, bool status, string reason, string message) => new()
        {
            ["type"] = type,
            ["status"] = status ? "True" : "False",
            ["lastTransitionTime"] = Since(current, type, status) ?? ObjectMeta.Time(now),
            ["reason"] = reason,
            ["message"] = message,
        };
    }

    private static string? Since(JsonObject current, string type, bool status) => current.Object("status").Objects("conditions")
        .FirstOrDefault(condition => condition.Text("type") == type && condition.Text("status") == (status ? "True" : "False"))?
        .Text("lastTransitionTime");
}
