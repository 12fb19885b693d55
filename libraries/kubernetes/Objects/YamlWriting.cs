using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MeshWorkflow.KubernetesApi.Objects;

/// <summary>Writes YAML for people: blocks, and quotes only where a text could be read as something else.</summary>
public static partial class YamlWriting
{
    private static readonly JsonSerializerOptions Quoting = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a document.</summary>
    /// <param name="node">What is in it.</param>
    /// <returns>YAML, ending with a new line.</returns>
    public static string Write(JsonNode? node)
    {
        var text = new StringBuilder();
        Append(text, node, "");
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonNode? node, string indent)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } fields:
                foreach (var (key, value) in fields)
                {
                    text.Append(indent).Append(Scalar(key)).Append(':');
                    AppendValue(text, value, indent);
                }

                break;
            case JsonArray { Count: > 0 } items:
                foreach (var item in items)
                {
                    AppendItem(text, item, indent);
                }

                break;
            default:
                text.Append(indent).Append(Inline(node)).Append('\n');
                break;
        }
    }

    private static void AppendValue(StringBuilder text, JsonNode? value, string indent)
    {
        if (value is JsonObject { Count: > 0 } or JsonArray { Count: > 0 })
        {
            text.Append('\n');
            Append(text, value, indent + "  ");
            return;
        }

        text.Append(' ').Append(Inline(value)).Append('\n');
    }

    // What is within an item stands two columns further right; its first line begins with the hyphen.
    private static void AppendItem(StringBuilder text, JsonNode? item, string indent)
    {
        var start = text.Length;
        Append(text, item, indent + "  ");
        text[start + indent.Length] = '-';
    }

    private static string Inline(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject => "{}",
        JsonArray => "[]",
        JsonValue value when value.TryGetValue<string>(out var text) => Scalar(text),
        _ => node.ToJsonString(),
    };

    private static string Scalar(string text) => Plain().IsMatch(text) && !Word().IsMatch(text) ? text : JsonSerializer.Serialize(text, Quoting);

    [GeneratedRegex(@"^[A-Za-z_/](?:[A-Za-z0-9._/|@,=*() -]|:(?=\S))*(?<! )\z")]
    private static partial Regex Plain();

    [GeneratedRegex("^(?:true|false|yes|no|on|off|y|n|null)\\z", RegexOptions.IgnoreCase)]
    private static partial Regex Word();
}
