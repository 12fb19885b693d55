using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Events;

/// <summary>An event has two names for the same things: those of the core, by which it is stored, and those of <c>events.k8s.io/v1</c>.</summary>
internal static class EventViews
{
    private static readonly (string Core, string New)[] Fields =
    [
        ("involvedObject", "regarding"), ("message", "note"), ("source", "deprecatedSource"), ("firstTimestamp", "deprecatedFirstTimestamp"),
        ("lastTimestamp", "deprecatedLastTimestamp"), ("count", "deprecatedCount"), ("reportingComponent", "reportingController"),
    ];

    public static void ToCore(JsonObject node)
    {
        foreach (var (core, other) in Fields)
        {
            Rename(node, other, core);
        }
    }

    public static void FromCore(JsonObject node)
    {
        foreach (var (core, other) in Fields)
        {
            Rename(node, core, other);
        }
    }

    /// <summary>The core's path of a field by which <c>events.k8s.io/v1</c> selects.</summary>
    public static string CorePath(string path) => path switch
    {
        "reportingController" => "reportingComponent",
        _ when path.StartsWith("regarding.", StringComparison.Ordinal) => $"involvedObject.{path["regarding.".Length..]}",
        _ => path,
    };

    /// <summary>Who told of an event, as selectors and tables name it.</summary>
    public static string SourceOf(JsonObject told) =>
        told.Object("source").Text("component") is { Length: > 0 } component ? component : told.Text("reportingComponent");

    private static void Rename(JsonObject node, string from, string to)
    {
        if (node.ContainsKey(from))
        {
            var value = node[from];
            node.Remove(from);
            node[to] = value;
        }
    }
}
