using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MeshWorkflow.Sandbox.Kubernetes.Tables;

/// <summary>Finds a value by the simple kind of JSONPath that printer columns use.</summary>
internal static partial class JsonPaths
{
    public static JsonNode? Find(JsonNode? root, string path)
    {
        var node = root;
        foreach (Match part in Part().Matches(path))
        {
            node = part switch
            {
                _ when part.Groups["key"].Success => (node as JsonObject)?[part.Groups["key"].Value],
                _ when part.Groups["quoted"].Success => (node as JsonObject)?[part.Groups["quoted"].Value.Replace("\\.", ".", StringComparison.Ordinal)],
                _ when part.Groups["field"].Success => (node as JsonArray)?.OfType<JsonObject>().FirstOrDefault(item =>
                    item[part.Groups["field"].Value]?.ToString() == part.Groups["value"].Value),
                _ when part.Groups["index"].Value == "*" => (node as JsonArray)?.FirstOrDefault(),
                _ => node is JsonArray list && int.TryParse(part.Groups["index"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Count
                    ? list[index]
                    : null,
            };
        }

        return node;
    }

    [GeneratedRegex("""\.(?<key>(\\.|[^.\[\]])+)|\['(?<quoted>[^']*)'\]|\[\?\(@\.(?<field>[^=\s]+)\s*==\s*["'](?<value>[^"']*)["']\)\]|\[(?<index>[0-9]+|\*)\]""")]
    private static partial Regex Part();
}
