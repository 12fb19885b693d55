using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi.Objects;

namespace MeshWorkflow.MeshPackage.Manifests;

/// <summary>
/// What options and overlays make of the rendered control plane: a line for every object that comes or goes, and for every field
/// that differs. Configuration that stands as text in a ConfigMap is compared field by field, too.
/// </summary>
public static class RenderedDifference
{
    private const int MaxValue = 160;
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Compares two renderings.</summary>
    /// <param name="before">Without options and overlays.</param>
    /// <param name="after">With them.</param>
    /// <returns>The lines, object by object.</returns>
    public static IReadOnlyList<string> Between(IEnumerable<JsonObject> before, IEnumerable<JsonObject> after)
    {
        var old = before.DistinctBy(NameOf).ToDictionary(NameOf);
        var made = after.DistinctBy(NameOf).ToDictionary(NameOf);
        return
        [
            .. old.Keys.Union(made.Keys).Order(StringComparer.Ordinal).SelectMany(name => (old.GetValueOrDefault(name), made.GetValueOrDefault(name)) switch
            {
                (null, _) => [$"+ {name}"],
                (_, null) => [$"- {name}"],
                var (one, other) => Fields(name, one, other),
            }),
        ];
    }

    /// <summary>Tells what a layer does to what lies under it.</summary>
    /// <param name="name">The layer's name.</param>
    /// <param name="layer">What it sets.</param>
    /// <param name="before">What lies under it.</param>
    /// <param name="after">What comes of both.</param>
    /// <returns>A line for each field that differs, and for each that it sets to what it is already.</returns>
    internal static IEnumerable<string> OfLayer(string name, JsonObject layer, JsonObject before, JsonObject after)
    {
        var (set, old, made) = (OfSpec(layer), OfSpec(before), OfSpec(after));
        var same = set.Keys.Where(path => made.TryGetValue(path, out var value) && old.GetValueOrDefault(path) == value).Order(StringComparer.Ordinal);
        return [.. Fields(name, old, made), .. same.Select(path => $"= {name} {path}: {Cut(made[path])}")];
    }

    private static IEnumerable<string> Fields(string name, JsonObject before, JsonObject after)
    {
        if (JsonNode.DeepEquals(before, after))
        {
            return [];
        }

        return Fields(name, Flatten(before), Flatten(after));
    }

    private static IEnumerable<string> Fields(string name, Dictionary<string, string> old, Dictionary<string, string> made) =>
        old.Keys.Union(made.Keys).Order(StringComparer.Ordinal)
            .Select(path => (Path: path, Was: old.GetValueOrDefault(path), Becomes: made.GetValueOrDefault(path)))
            .Where(field => field.Was != field.Becomes)
            .Select(field => $"~ {name} {field.Path}: " + (field switch
            {
                { Was: null, Becomes: { } added } => $"+ {Cut(added)}",
                { Was: { } gone, Becomes: null } => $"- {Cut(gone)}",
                _ => $"{Cut(field.Was ?? "")} -> {Cut(field.Becomes ?? "")}",
            }));

    private static string NameOf(JsonObject body)
    {
        var place = body.Text("metadata", "namespace") is { } inNamespace ? $"{inNamespace}/" : "";
        return $"{body.Text("kind")} {place}{body.NameOf()}";
    }

    private static Dictionary<string, string> OfSpec(JsonObject spec)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        Flatten(fields, "spec", spec, isText: false);
        return fields;
    }

    private static Dictionary<string, string> Flatten(JsonObject body)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        Flatten(fields, "", body, isText: body.Text("kind") == "ConfigMap");
        return fields;
    }

    private static void Flatten(Dictionary<string, string> fields, string path, JsonNode? node, bool isText)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } map:
                foreach (var (key, value) in map)
                {
                    Flatten(fields, path.Length == 0 ? key : $"{path}.{key}", value, isText);
                }

                break;
            case JsonArray { Count: > 0 } items when items.All(item => item is JsonObject named && named.Text("name") is not null):
                foreach (var item in items.OfType<JsonObject>())
                {
                    var named = new JsonObject(item.Where(field => field.Key != "name").Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
                    Flatten(fields, $"{path}[{item.Text("name")}]", named, isText);
                }

                break;
            case JsonValue value when isText && path.StartsWith("data.", StringComparison.Ordinal) && Read(value) is { } inner:
                Flatten(fields, path, inner, isText: false);
                break;
            default:
                fields[path] = node?.ToJsonString(Readable) ?? "null";
                break;
        }
    }

    private static JsonObject? Read(JsonValue value)
    {
        try
        {
            return value.TryGetValue<string>(out var text) && Yaml.Read(text) is [JsonObject map] ? map : null;
        }
        catch (FormatException)
        {
            // A text that is only text.
            return null;
        }
    }

    private static string Cut(string value) => value.Length <= MaxValue ? value : value[..MaxValue] + "…";
}
