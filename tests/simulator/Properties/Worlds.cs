using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Sandbox.Worlds.Comparing;

namespace MeshWorkflow.Tests.Simulator.Properties;

/// <summary>Compares worlds, without what others did meanwhile and without what an undo leaves on purpose.</summary>
internal static class Worlds
{
    public static IReadOnlyList<WorldDifference> Differences(WorldSnapshot before, WorldSnapshot after) =>
        [.. WorldDiff.Compare(WithoutOthers(before), WithoutOthers(after)).Where(difference => !IsKept(difference))];

    public static string Show(WorldDifference difference) =>
        $"{difference.Resource} {difference.Path}: {Short(difference.Before)} -> {Short(difference.After)}";

    private static string Short(JsonNode? node) => node?.ToJsonString() is not { } text ? "nothing" : text.Length > 200 ? text[..200] + "…" : text;

    private static WorldSnapshot WithoutOthers(WorldSnapshot world) => new(world.Resources
        .Where(resource => !resource.Key.EndsWith($"/{OthersWork.Mark}", StringComparison.Ordinal))
        .ToDictionary(resource => resource.Key, resource => Cleaned(resource.Value.DeepClone()), StringComparer.Ordinal));

    private static JsonNode Cleaned(JsonNode node)
    {
        if (node is JsonObject map)
        {
            foreach (var (name, value) in map.ToList())
            {
                if (name == OthersWork.Mark || IsOf(value))
                {
                    map.Remove(name);
                }
                else if (value is not null && Cleaned(value) is JsonObject { Count: 0 } && name is "labels" or "annotations" or "resourceLabels")
                {
                    map.Remove(name);
                }
            }
        }
        else if (node is JsonArray list)
        {
            foreach (var item in list.ToList())
            {
                if (IsOf(item) || (item is not null && (Cleaned(item) as JsonObject)?["members"] is JsonArray { Count: 0 }))
                {
                    list.Remove(item);
                }
            }
        }

        return node;
    }

    private static bool IsOf(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) && text.Contains(OthersWork.Mark, StringComparison.Ordinal);

    // Enabled APIs, what Google makes and grants with them, the mesh configuration's pools, and workload identity once something may use it.
    private static bool IsKept(WorldDifference difference) =>
        difference.Resource.StartsWith("//serviceusage.googleapis.com/", StringComparison.Ordinal)
        || difference.Resource.StartsWith("//meshconfig.googleapis.com/", StringComparison.Ordinal)
        || (difference.Resource.EndsWith("/iamPolicy", StringComparison.Ordinal)
            && WithoutAgents(difference.Resource, difference.Before) == WithoutAgents(difference.Resource, difference.After));

    private static string WithoutAgents(string resource, JsonNode? bindings)
    {
        var number = resource.Contains("/demo-fleet/", StringComparison.Ordinal) ? "210987654321" : "123456789012";
        var own = $"[\"serviceAccount:service-{number}@gcp-sa-servicemesh.iam.gserviceaccount.com\"]";
        return string.Join('\n', (bindings as JsonArray ?? []).Select(binding => binding?.ToJsonString() ?? "").Where(binding => !binding.Contains(own, StringComparison.Ordinal)).Order());
    }
}
