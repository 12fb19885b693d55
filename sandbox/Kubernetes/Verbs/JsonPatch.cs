using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Verbs;

/// <summary>Patches by RFC 6902: a list of operations, all or none.</summary>
internal static class JsonPatch
{
    private const int MaxOperations = 10_000;

    /// <exception cref="KubeFailure">It is no such list, or an operation can't be done.</exception>
    public static JsonObject Apply(JsonObject target, JsonNode? patch)
    {
        if (patch is not JsonArray operations || operations.Any(operation => operation is not JsonObject))
        {
            throw Refusals.BadRequest("json: cannot unmarshal object into Go value of type jsonpatch.Patch");
        }

        if (operations.Count > MaxOperations)
        {
            throw new KubeFailure(
                413,
                "RequestEntityTooLarge",
                $"The allowed maximum operations in a JSON patch is {MaxOperations}, got {operations.Count}");
        }

        JsonNode? patched = target.Copy();
        foreach (var operation in operations.OfType<JsonObject>())
        {
            patched = Do(patched, operation);
        }

        return patched as JsonObject ?? throw Unprocessable();
    }

    private static JsonNode? Do(JsonNode? root, JsonObject operation)
    {
        var path = Pointer(operation.Text("path"));
        switch (operation.Text("op"))
        {
            case "add":
                return Add(root, path, operation["value"]?.DeepClone());
            case "remove":
                return Remove(root, path, out _);
            case "replace":
                Find(root, path, operation.Text("path"));
                return path.Count > 0 && Find(root, path[..^1], "") is JsonArray
                    ? Add(Remove(root, path, out _), path, operation["value"]?.DeepClone())
                    : Add(root, path, operation["value"]?.DeepClone());
            case "copy":
                return Add(root, path, Find(root, Pointer(operation.Text("from")), operation.Text("from"))?.DeepClone());
            case "move":
                var rest = Remove(root, Pointer(operation.Text("from")), out var moved);
                return Add(rest, path, moved?.DeepClone());
            case "test":
                return Test(root, path, operation);
            default:
                throw Unprocessable();
        }
    }

    private static JsonNode? Test(JsonNode? root, List<string> path, JsonObject operation)
    {
        var name = operation.Text("path");
        JsonNode? found;
        try
        {
            found = Find(root, path, name);
        }
        catch (KubeFailure) when (operation["value"] is null)
        {
            return root;
        }

        return JsonNode.DeepEquals(found, operation["value"])
            ? root
            : throw Unprocessable();
    }

    private static JsonNode? Add(JsonNode? root, List<string> path, JsonNode? value)
    {
        if (path.Count == 0)
        {
            return value;
        }

        switch (Find(root, path[..^1], string.Join('/', path)))
        {
            case JsonObject map:
                map[path[^1]] = value;
                break;
            case JsonArray list when path[^1] == "-":
                list.Add(value);
                break;
            case JsonArray list when Index(path[^1]) is { } index && index <= list.Count:
                list.Insert(index, value);
                break;
            default:
                throw Unprocessable();
        }

        return root;
    }

    private static JsonNode? Remove(JsonNode? root, List<string> path, out JsonNode? removed)
    {
        var name = "/" + string.Join('/', path);
        removed = Find(root, path, name);
        switch (path.Count == 0 ? null : Find(root, path[..^1], name))
        {
            case JsonObject map:
                map.Remove(path[^1]);
                return root;
            case JsonArray list when Index(path[^1]) is { } index:
                list.RemoveAt(index);
                return root;
            default:
                return null;
        }
    }

    private static JsonNode? Find(JsonNode? root, IEnumerable<string> path, string name)
    {
        var node = root;
        foreach (var part in path)
        {
            node = node switch
            {
                JsonObject map when map.ContainsKey(part) => map[part],
                JsonArray list when Index(part) is { } index && index < list.Count => list[index],
                _ => throw Unprocessable(),
            };
        }

        return node;
    }

    private static int? Index(string part) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    private static List<string> Pointer(string path) => path.Length == 0
        ? []
        : [.. path.Split('/').Skip(1).Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];

    // What exactly didn't fit isn't said.
    private static KubeFailure Unprocessable() => new(
        422, "Invalid", "the server rejected our request due to an error in our request", new JsonObject());
}
