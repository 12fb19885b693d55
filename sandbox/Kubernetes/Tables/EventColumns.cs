using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Events;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Tables;

/// <summary>All columns of tables of events: they begin with when, not with a name.</summary>
internal static class EventColumns
{
    public static IReadOnlyList<TableColumn> Of(DateTimeOffset now) =>
    [
        new("Last Seen", item => Ages.Since(Last(item), now)),
        new("Type", item => item.Text("type")),
        new("Reason", item => item.Text("reason")),
        new("Object", item => About(item.Object("involvedObject"))),
        new("Subobject", item => item.Object("involvedObject").Text("fieldPath"), Priority: 1),
        new("Source", item => Source(item), Priority: 1),
        new("Message", item => item.Text("message").Trim()),
        new("First Seen", item => Ages.Since(First(item), now), Priority: 1),
        new("Count", item => EventObjects.CountOf(item), "integer", Priority: 1),
        new("Name", item => item.Name(), Priority: 1),
    ];

    private static string First(JsonObject item) => item.Text("firstTimestamp") is { Length: > 0 } time ? time : item.Text("eventTime");

    private static string Last(JsonObject item) => item.Object("series").Text("lastObservedTime") is { Length: > 0 } observed
        ? observed
        : item.Text("lastTimestamp") is { Length: > 0 } time ? time : First(item);

    private static string About(JsonObject? reference) => reference.Text("name") is { Length: > 0 } name
        ? $"{reference.Text("kind").ToLowerInvariant()}/{name}"
        : reference.Text("kind").ToLowerInvariant();

    private static string Source(JsonObject item)
    {
        var host = item.Object("source").Text("host") is { Length: > 0 } known ? known : item.Text("reportingInstance");
        return host.Length > 0 ? $"{EventViews.SourceOf(item)}, {host}" : EventViews.SourceOf(item);
    }
}
