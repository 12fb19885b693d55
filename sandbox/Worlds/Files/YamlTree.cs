using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Yaml;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MeshWorkflow.Sandbox.Worlds.Files;

/// <summary>YAML as JSON, with the line of every place.</summary>
internal sealed class YamlTree
{
    private readonly Dictionary<string, long> _lines = new(StringComparer.Ordinal);

    /// <exception cref="YamlException">It is no YAML, or too deep or too large.</exception>
    public YamlTree(TextReader text)
    {
        var documents = LimitedYaml.Load(text);
        Root = documents.Count switch
        {
            0 => null,
            1 => Read(documents[0], ""),
            _ => throw new YamlException("One document was expected."),
        };
    }

    public JsonNode? Root { get; }

    /// <summary>The line of a place; 0: unknown.</summary>
    public long LineOf(string path) => _lines.GetValueOrDefault(path);

    private JsonNode? Read(YamlNode node, string path)
    {
        _lines.TryAdd(path, node.Start.Line);
        return node switch
        {
            YamlMappingNode map => Map(map, path),
            YamlSequenceNode list => new JsonArray([.. list.Children.Select((each, i) => Read(each, $"{path}[{i.ToString(CultureInfo.InvariantCulture)}]"))]),
            YamlScalarNode scalar => Scalar(scalar),
            _ => throw new YamlException(node.Start, node.End, "This is neither a map, nor a list, nor a value."),
        };
    }

    private JsonObject Map(YamlMappingNode map, string path)
    {
        var read = new JsonObject();
        foreach (var (key, value) in map.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? throw new YamlException(key.Start, key.End, "A field's name must be a text.");
            read[name] = Read(value, path.Length == 0 ? name : $"{path}.{name}");
        }

        return read;
    }

    private static JsonNode? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style is not ScalarStyle.Plain)
        {
            return text;
        }

        return text switch
        {
            "" or "~" or "null" => null,
            "true" => true,
            "false" => false,
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
            _ when text.Contains('.', StringComparison.Ordinal) && double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) => number,
            _ => text,
        };
    }
}
