using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshWorkflow.Sandbox.Yaml;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MeshWorkflow.Sandbox.Kubernetes.Requests;

/// <summary>Reads YAML as the JSON that it stands for.</summary>
internal static partial class Yaml
{
    public static JsonNode? Read(string text)
    {
        var documents = LimitedYaml.Load(new StringReader(text));
        return documents.Count == 0 ? null : Convert(documents[0]);
    }

    private static JsonNode? Convert(YamlNode node)
    {
        switch (node)
        {
            case YamlMappingNode map:
                var read = new JsonObject();
                foreach (var (key, value) in map.Children)
                {
                    read[((YamlScalarNode)key).Value ?? ""] = Convert(value);
                }

                return read;
            case YamlSequenceNode list:
                return new JsonArray([.. list.Children.Select(Convert)]);
            case YamlScalarNode { Style: ScalarStyle.Plain, Value: var text }:
                return Plain(text ?? "");
            default:
                return ((YamlScalarNode)node).Value;
        }
    }

    private static JsonNode? Plain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        _ when Integer().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ when Real().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => text,
    };

    [GeneratedRegex("^[-+]?(0|[1-9][0-9]*)$")]
    private static partial Regex Integer();

    [GeneratedRegex(@"^[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)([eE][-+]?[0-9]+)?$")]
    private static partial Regex Real();
}
