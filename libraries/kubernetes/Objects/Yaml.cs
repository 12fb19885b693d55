using System.Buffers;
using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.YamlText;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MeshWorkflow.KubernetesApi.Objects;

/// <summary>Reads YAML the way that Kubernetes' own tools do: plain scalars are numbers and booleans where they look like it.</summary>
public static class Yaml
{
    private static readonly SearchValues<char> OfNumbers = SearchValues.Create("+-.eE0123456789");
    private static readonly string[] True = ["true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"];
    private static readonly string[] False = ["false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"];
    private static readonly string[] Null = ["", "~", "null", "Null", "NULL"];

    /// <summary>Reads all documents of a text; empty ones are left out.</summary>
    /// <param name="text">YAML, or JSON.</param>
    /// <returns>The documents.</returns>
    /// <exception cref="YamlFormatException">It is no YAML, or too much; the message says where.</exception>
    public static IReadOnlyList<JsonNode> Read(string text) =>
        [.. BoundedYaml.Load(text, YamlLimits.Manifests).Select(Node).OfType<JsonNode>()];

    /// <summary>Reads all Kubernetes objects of a text; lists are taken apart.</summary>
    /// <param name="text">YAML, or JSON.</param>
    /// <returns>The objects.</returns>
    /// <exception cref="FormatException">It is no YAML, or something in it is no Kubernetes object.</exception>
    public static IReadOnlyList<JsonObject> ReadObjects(string text) => [.. Read(text).SelectMany(Objects)];

    private static IEnumerable<JsonObject> Objects(JsonNode document)
    {
        if (document is not JsonObject found
            || found["kind"] is not JsonValue kind || !kind.TryGetValue<string>(out var name)
            || found["apiVersion"] is not JsonValue version || !version.TryGetValue<string>(out _))
        {
            throw new FormatException("a document has no apiVersion and kind");
        }

        return name.EndsWith("List", StringComparison.Ordinal) && found["items"] is JsonArray items
            ? [.. items.OfType<JsonNode>().SelectMany(item => Objects(item.DeepClone()))]
            : [found];
    }

    private static JsonNode? Node(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(child =>
            KeyValuePair.Create(((YamlScalarNode)child.Key).Value ?? "", Node(child.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(Node)]),
        YamlScalarNode scalar => Scalar(scalar),
        _ => null,
    };

    private static JsonNode? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style is not ScalarStyle.Plain)
        {
            return JsonValue.Create(text);
        }

        if (Null.Contains(text))
        {
            return null;
        }

        if (True.Contains(text) || False.Contains(text))
        {
            return JsonValue.Create(True.Contains(text));
        }

        if (text.Length > 1 && text[0] == '0' && text.AsSpan().IndexOfAnyExceptInRange('0', '7') < 0)
        {
            // The modes of files are written like that.
            return JsonValue.Create(Convert.ToInt64(text, 8));
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return JsonValue.Create(whole);
        }

        return text.AsSpan().IndexOfAnyExcept(OfNumbers) < 0 && text.AsSpan().IndexOfAnyInRange('0', '9') >= 0
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? JsonValue.Create(number)
            : JsonValue.Create(text);
    }
}
