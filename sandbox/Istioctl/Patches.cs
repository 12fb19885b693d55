using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Istioctl;

/// <summary>Patches that an operator lays over rendered objects (<c>k8s.overlays</c>): a value at a path; a null takes it away.</summary>
internal static class Patches
{
    public static void Apply(JsonObject spec, IReadOnlyList<JsonObject> objects)
    {
        var components = spec["components"] as JsonObject ?? [];
        foreach (var component in components.Select(pair => pair.Value).SelectMany(value => value is JsonArray list ? list.OfType<JsonObject>() : [value as JsonObject ?? []]))
        {
            foreach (var overlay in (component["k8s"]?["overlays"] as JsonArray ?? []).OfType<JsonObject>())
            {
                var target = objects.FirstOrDefault(one =>
                    one["kind"]?.ToString() == overlay["kind"]?.ToString() && one["metadata"]?["name"]?.ToString() == overlay["name"]?.ToString());
                foreach (var patch in (overlay["patches"] as JsonArray ?? []).OfType<JsonObject>())
                {
                    Set(target, patch["path"]?.ToString() ?? "", patch["value"]);
                }
            }
        }
    }

    private static void Set(JsonNode? at, string path, JsonNode? value)
    {
        var parts = path.Split('.');
        foreach (var part in parts[..^1])
        {
            at = Step(at, part) ?? throw new FormatException($"overlay path {path}: there is no '{part}'");
        }

        if (at is not JsonObject map)
        {
            throw new FormatException($"overlay path {path}: not in a map");
        }

        if (value is null)
        {
            map.Remove(parts[^1]);
        }
        else
        {
            map[parts[^1]] = value.DeepClone();
        }
    }

    // [name:install-cni] selects an item of a list.
    private static JsonNode? Step(JsonNode? at, string part) => part.StartsWith('[') && part[1..^1].Split(':', 2) is [var key, var wanted]
        ? (at as JsonArray)?.OfType<JsonObject>().FirstOrDefault(item => item[key]?.ToString() == wanted)
        : (at as JsonObject)?[part];
}
