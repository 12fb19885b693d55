using System.Text.Json.Nodes;

namespace MeshWorkflow.KubernetesApi.Objects;

/// <summary>Short ways into objects that are held as JSON.</summary>
public static class JsonObjects
{
    /// <summary>Reads a text.</summary>
    /// <param name="body">The object.</param>
    /// <param name="path">The way to it, key by key.</param>
    /// <returns>The text, or <see langword="null"/>: there is none.</returns>
    public static string? Text(this JsonObject body, params ReadOnlySpan<string> path) =>
        body.Node(path) is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>Reads a number.</summary>
    /// <param name="body">The object.</param>
    /// <param name="path">The way to it, key by key.</param>
    /// <returns>The number; 0 where there is none.</returns>
    public static long Number(this JsonObject body, params ReadOnlySpan<string> path) =>
        body.Node(path) is JsonValue value && value.TryGetValue<long>(out var number) ? number : 0;

    /// <summary>Reads a list of objects.</summary>
    /// <param name="body">The object.</param>
    /// <param name="path">The way to it, key by key.</param>
    /// <returns>The objects; none where there is no list.</returns>
    public static IEnumerable<JsonObject> Items(this JsonObject body, params ReadOnlySpan<string> path) =>
        (body.Node(path) as JsonArray)?.OfType<JsonObject>() ?? [];

    /// <summary>Reads anything.</summary>
    /// <param name="body">The object.</param>
    /// <param name="path">The way to it, key by key.</param>
    /// <returns>The value, or <see langword="null"/>: there is none.</returns>
    public static JsonNode? Node(this JsonObject body, params ReadOnlySpan<string> path)
    {
        JsonNode? at = body;
        foreach (var key in path)
        {
            at = (at as JsonObject)?[key];
        }

        return at;
    }

    /// <summary>Finds or makes an object in an object.</summary>
    /// <param name="body">The object.</param>
    /// <param name="path">The way to it, key by key.</param>
    /// <returns>The inner object.</returns>
    public static JsonObject Child(this JsonObject body, params ReadOnlySpan<string> path)
    {
        var at = body;
        foreach (var key in path)
        {
            if (at[key] is not JsonObject child)
            {
                child = [];
                at[key] = child;
            }

            at = child;
        }

        return at;
    }

    /// <summary>Whether an object is on its way out.</summary>
    /// <param name="body">The object.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsTerminating(this JsonObject body) => body.Text("metadata", "deletionTimestamp") is not null;

    /// <summary>An object's name.</summary>
    /// <param name="body">The object.</param>
    /// <returns>The name; empty where it has none.</returns>
    public static string NameOf(this JsonObject body) => body.Text("metadata", "name") ?? "";
}
