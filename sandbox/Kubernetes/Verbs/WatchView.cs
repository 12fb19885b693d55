using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Requests;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Verbs;

/// <summary>What a watch sees of a change: an object that begins to fit is new to it, one that no longer does is gone.</summary>
internal sealed class WatchView(KubeRequest request, Selection wanted)
{
    public KubeRequest Request { get; } = request;

    /// <summary>The event, or null: the change is none of this watch.</summary>
    public (string Type, JsonNode Object)? Show(StoreChange change)
    {
        if (change.Kind.GroupResource != Request.Kind.Stored.GroupResource || (Request.Within is { } ns && change.Object.Namespace() != ns))
        {
            return null;
        }

        var (was, now) = (change.Before is { } before && wanted.Fits(before), change.After is { } after && wanted.Fits(after));
        return (was, now) switch
        {
            (false, false) => null,
            (false, true) => ("ADDED", In(change.Object)),
            (true, true) => ("MODIFIED", In(change.Object)),
            _ => ("DELETED", In(Last(change))),
        };
    }

    public JsonObject Bookmark(long revision) => new()
    {
        ["kind"] = Request.Kind.Kind,
        ["apiVersion"] = Request.Kind.ApiVersion(Request.Version),
        ["metadata"] = new JsonObject
        {
            ["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture),
            ["creationTimestamp"] = null,
        },
    };

    // What no longer fits is shown as it was, but as of now.
    private static JsonObject Last(StoreChange change)
    {
        var last = (change.Before ?? []).Copy();
        last.Metadata()["resourceVersion"] = change.Revision.ToString(CultureInfo.InvariantCulture);
        return last;
    }

    private JsonNode In(JsonObject found) => Shown.Watched(Request, found);
}
