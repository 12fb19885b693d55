using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Verbs;

/// <summary>The number of an object's pods, in the form that is the same for all kinds.</summary>
internal static class Scales
{
    public static JsonObject Of(KindVersion version, JsonObject found)
    {
        var paths = version.Scale;
        if (version.CustomSchema is not null && !Has(found, paths.SpecPath))
        {
            throw Refusals.Internal($"the spec replicas field \"{paths.SpecPath}\" does not exist");
        }

        var scale = new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = new JsonObject
            {
                ["name"] = found.Name(),
                ["namespace"] = found.Namespace(),
                ["uid"] = found.Uid(),
                ["resourceVersion"] = found.ResourceVersion(),
                ["creationTimestamp"] = found.Object("metadata").Text("creationTimestamp"),
            },
            ["spec"] = new JsonObject { ["replicas"] = Number(found, paths.SpecPath) },
            ["status"] = new JsonObject { ["replicas"] = Number(found, paths.StatusPath) },
        };
        if (Selector(found, paths.SelectorPath) is { Length: > 0 } selector)
        {
            scale.Need("status")["selector"] = selector;
        }

        if (scale.Object("spec").Number("replicas") == 0)
        {
            scale["spec"] = new JsonObject();
        }

        return scale;
    }

    /// <summary>The object with another number of pods.</summary>
    public static JsonObject With(KindVersion version, JsonObject found, long replicas)
    {
        var changed = found.Copy();
        var parts = version.Scale.SpecPath.Split('.', StringSplitOptions.RemoveEmptyEntries);
        parts[..^1].Aggregate(changed, (node, part) => node.Need(part))[parts[^1]] = replicas;
        return changed;
    }

    private static bool Has(JsonObject found, string path)
    {
        var parts = path.Split('.', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length > 0 && Parent(found, parts).Number(parts[^1]) is not null;
    }

    private static long Number(JsonObject found, string path)
    {
        var parts = path.Split('.', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length == 0 ? 0 : Parent(found, parts).Number(parts[^1]) ?? 0;
    }

    private static string Selector(JsonObject found, string path)
    {
        var parts = path.Split('.', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0)
        {
            return "";
        }

        var parent = Parent(found, parts);
        return parent.Object(parts[^1]) is { } selector
            ? string.Join(",", selector.Entries("matchLabels").Select(pair => $"{pair.Key}={pair.Value}"))
            : parent.Text(parts[^1]);
    }

    private static JsonNode? Parent(JsonObject found, string[] parts) =>
        parts[..^1].Aggregate((JsonNode?)found, (node, part) => (node as JsonObject)?[part]);
}

/// <summary>Where an object has the number of its pods.</summary>
/// <param name="SpecPath">The wanted number.</param>
/// <param name="StatusPath">The number that there is.</param>
/// <param name="SelectorPath">Which pods; empty: it doesn't say.</param>
internal sealed record ScalePaths(string SpecPath = ".spec.replicas", string StatusPath = ".status.replicas", string SelectorPath = ".spec.selector");
