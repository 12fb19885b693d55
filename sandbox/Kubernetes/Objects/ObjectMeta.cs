using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Kubernetes.Objects;

/// <summary>Reads and writes what all Kubernetes objects have in common.</summary>
internal static class ObjectMeta
{
    public static string Text(this JsonNode? node, string field) =>
        node is JsonObject found && found[field] is JsonValue value && value.GetValueKind() is JsonValueKind.String ? value.GetValue<string>() : "";

    public static JsonObject? Object(this JsonNode? node, string field) => (node as JsonObject)?[field] as JsonObject;

    /// <summary>The messages in a list; whatever else is in it is passed over.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonNode? node, string field) =>
        ((node as JsonObject)?[field] as JsonArray)?.OfType<JsonObject>() ?? [];

    public static IEnumerable<string> Texts(this JsonNode? node, string field) =>
        ((node as JsonObject)?[field] as JsonArray)?.OfType<JsonValue>()
            .Where(value => value.GetValueKind() is JsonValueKind.String).Select(value => value.GetValue<string>()) ?? [];

    public static long? Number(this JsonNode? node, string field) =>
        node is JsonObject found && found[field] is JsonValue value && value.GetValueKind() is JsonValueKind.Number
        && decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? (long)number
            : null;

    public static bool Flag(this JsonNode? node, string field) =>
        node is JsonObject found && found[field] is JsonValue value && value.GetValueKind() is JsonValueKind.True;

    /// <summary>A message in a message, made if it isn't there.</summary>
    public static JsonObject Need(this JsonObject node, string field)
    {
        if (node[field] is not JsonObject found)
        {
            found = [];
            node[field] = found;
        }

        return found;
    }

    public static JsonObject Metadata(this JsonObject node) => node.Need("metadata");

    public static string Name(this JsonObject node) => node.Object("metadata").Text("name");

    public static string Namespace(this JsonObject node) => node.Object("metadata").Text("namespace");

    public static string Uid(this JsonObject node) => node.Object("metadata").Text("uid");

    public static string ResourceVersion(this JsonObject node) => node.Object("metadata").Text("resourceVersion");

    public static string Kind(this JsonObject node) => node.Text("kind");

    public static string ApiVersion(this JsonObject node) => node.Text("apiVersion");

    public static bool IsTerminating(this JsonObject node) => node.Object("metadata").Text("deletionTimestamp").Length > 0;

    public static IReadOnlyList<string> Finalizers(this JsonObject node) => [.. node.Object("metadata").Texts("finalizers")];

    public static string? Label(this JsonObject node, string key) => Entry(node.Object("metadata").Object("labels"), key);

    public static string? Annotation(this JsonObject node, string key) => Entry(node.Object("metadata").Object("annotations"), key);

    public static void SetAnnotation(this JsonObject node, string key, string value) => node.Metadata().Need("annotations")[key] = value;

    public static IReadOnlyDictionary<string, string> Labels(this JsonObject node) => Entries(node.Object("metadata"), "labels");

    /// <summary>A map of texts.</summary>
    public static IReadOnlyDictionary<string, string> Entries(this JsonNode? node, string field) =>
        node.Object(field)?.Where(pair => pair.Value is JsonValue).ToDictionary(pair => pair.Key, pair => pair.Value?.ToString() ?? "") ?? [];

    public static IEnumerable<JsonObject> OwnerReferences(this JsonObject node) => node.Object("metadata").Objects("ownerReferences");

    public static JsonObject? ControllerReference(this JsonObject node) => node.OwnerReferences().FirstOrDefault(owner => owner.Flag("controller"));

    /// <summary>A copy that may be changed: what is stored never is.</summary>
    public static JsonObject Copy(this JsonObject node) => (JsonObject)node.DeepClone();

    /// <summary>Writes a number of a status that is left out when it is zero.</summary>
    public static void SetCount(this JsonObject status, string field, int count)
    {
        if (count > 0)
        {
            status[field] = count;
        }
        else
        {
            status.Remove(field);
        }
    }

    /// <summary>A time to the microsecond, as newer fields and Istio's logs have it.</summary>
    public static string MicroTime(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string? Entry(JsonObject? map, string key) => map?[key] is JsonValue value ? value.ToString() : null;
}
