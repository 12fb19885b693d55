using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Requests;
using MeshWorkflow.Sandbox.Kubernetes.Verbs;

namespace MeshWorkflow.Sandbox.Kubernetes.Tables;

/// <summary>Shows objects as tables for people, as kubectl asks for them.</summary>
internal static class ObjectTables
{
    public static JsonObject Of(KubeRequest request, IEnumerable<JsonObject> found, JsonObject metadata, DateTimeOffset now)
    {
        var columns = ColumnsOf(request.Kind, request.Version, now);
        return new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = metadata,
            ["columnDefinitions"] = new JsonArray([.. columns.Select(column => new JsonObject
            {
                ["name"] = column.Name,
                ["type"] = column.Type,
                ["format"] = column.Name == "Name" ? "name" : "",
                ["description"] = "",
                ["priority"] = column.Priority,
            })]),
            ["rows"] = new JsonArray([.. found.Select(item => new JsonObject
            {
                ["cells"] = new JsonArray([.. columns.Select(column => column.Cell(item))]),
                ["object"] = Attached(request, item),
            })]),
        };
    }

    private static JsonObject? Attached(KubeRequest request, JsonObject item) => request.Http.QueryValue("includeObject") switch
    {
        "None" => null,
        "Object" => Shown.In(request.Kind, request.Version, item),
        _ => Shown.Partial(item, "v1"),
    };

    private static IReadOnlyList<TableColumn> ColumnsOf(ResourceKind kind, KindVersion version, DateTimeOffset now)
    {
        if (kind.Stored.GroupResource == "events")
        {
            return EventColumns.Of(now);
        }

        var name = new TableColumn("Name", item => item.Name());
        var age = new TableColumn("Age", item => Ages.Of(item, now));
        if (version.Columns.Count > 0)
        {
            return [name, .. version.Columns.Select(column => Custom(column, now))];
        }

        var known = kind.IsCustom ? null : BuiltinColumns.Of(kind.GroupResource);
        return known is null ? [name, age] : [name, .. known.Where(column => column.Priority == 0), age, .. known.Where(column => column.Priority > 0)];
    }

    private static TableColumn Custom(PrinterColumn column, DateTimeOffset now) => new(
        column.Name,
        item => JsonPaths.Find(item, column.Path) is { } value
            ? column.Type == "date" ? Ages.Since(value.ToString(), now) : value.DeepClone()
            : null,
        column.Type is "date" ? "string" : column.Type,
        column.Priority);
}
