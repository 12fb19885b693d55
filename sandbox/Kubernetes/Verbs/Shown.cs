using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Requests;
using MeshWorkflow.Sandbox.Kubernetes.Tables;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Kubernetes.Verbs;

/// <summary>Shows objects in the form that the caller wants.</summary>
internal static class Shown
{
    public static Answer One(KubeRequest request, JsonObject found, int status = 200) => Accepted.Read(request.Http.Accept) switch
    {
        { As: "PartialObjectMetadata" } accepted => new Answer(status, Partial(found, accepted.Version)) { ContentType = accepted.ContentType },
        { As: "Table" } => new Answer(status, Table(request, [found], found.ResourceVersion())),
        var accepted => new Answer(status, In(request.Kind, request.Version, found)) { ContentType = accepted.ContentType },
    };

    public static Answer Many(KubeRequest request, IReadOnlyList<JsonObject> found, JsonObject metadata)
    {
        var accepted = Accepted.Read(request.Http.Accept);
        if (accepted.As is "Table")
        {
            return new Answer(200, ObjectTables.Of(request, found, metadata, request.Now));
        }

        // Of nothing, an API server tells no items of metadata: null, not an empty list.
        return accepted.As is "PartialObjectMetadataList"
            ? ListOf("PartialObjectMetadataList", $"meta.k8s.io/{accepted.Version}", found.Count == 0 ? null : found.Select(item => Partial(item, accepted.Version)))
            : ListOf(request.Kind.ListKind, request.Kind.ApiVersion(request.Version), found.Select(item => InList(request.Kind, In(request.Kind, request.Version, item))));

        Answer ListOf(string kind, string version, IEnumerable<JsonObject>? items) => new(200, new JsonObject
        {
            ["kind"] = kind,
            ["apiVersion"] = version,
            ["metadata"] = metadata,
            ["items"] = items is null ? null : new JsonArray([.. items]),
        })
        {
            ContentType = accepted.ContentType,
        };
    }

    /// <summary>An object in an event.</summary>
    public static JsonNode Watched(KubeRequest request, JsonObject found) => Accepted.Read(request.Http.Accept) switch
    {
        { As: "PartialObjectMetadata" } accepted => Partial(found, accepted.Version),
        { As: "Table" } => Table(request, [found], found.ResourceVersion()),
        _ => In(request.Kind, request.Version, found),
    };

    /// <summary>An object in a version.</summary>
    public static JsonObject In(ResourceKind kind, KindVersion version, JsonObject found) => Conversions.FromStorage(kind, version, found);

    private static JsonObject Table(KubeRequest request, IEnumerable<JsonObject> found, string version) =>
        ObjectTables.Of(request, found, new JsonObject { ["resourceVersion"] = version }, request.Now);

    public static JsonObject Partial(JsonObject found, string version) => new()
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = $"meta.k8s.io/{version}",
        ["metadata"] = found.Metadata().DeepClone(),
    };

    // A list of built-in objects says once of what kind they are; custom objects each say it.
    private static JsonObject InList(ResourceKind kind, JsonObject shown)
    {
        if (!kind.IsCustom)
        {
            shown.Remove("kind");
            shown.Remove("apiVersion");
        }

        return shown;
    }
}
