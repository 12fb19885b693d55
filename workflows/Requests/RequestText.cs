using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.YamlText;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MeshWorkflow.Workflows.Requests;

/// <summary>From YAML or JSON text to one tree.</summary>
internal static class RequestText
{
    /// <summary>The largest request, in bytes.</summary>
    public static readonly int MaxSize = YamlLimits.Request.MaxBytes;

    /// <summary>Reads a text.</summary>
    /// <returns>The tree, or null with the mistakes that keep it from being one.</returns>
    public static JsonNode? Read(string text, ICollection<Mistake> mistakes)
    {
        if (Encoding.UTF8.GetByteCount(text) > MaxSize)
        {
            mistakes.Add(new Mistake("", "REQUEST_TOO_LARGE", $"The request is larger than {MaxSize / 1024} KiB.", "Split it into several rollouts."));
            return null;
        }

        var tree = TryJson(text) ?? ReadYaml(text, mistakes);
        var before = mistakes.Count;
        RequestCharacters.Check(tree, mistakes);
        return mistakes.Count > before ? null : tree;
    }

    private static JsonNode? TryJson(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith("{"))
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = YamlLimits.Request.MaxDepth, AllowDuplicateProperties = false });
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // A flow mapping of YAML begins alike; and YAML's reader tells where it goes wrong.
            return null;
        }
    }

    private static JsonNode? ReadYaml(string text, ICollection<Mistake> mistakes)
    {
        try
        {
            var documents = BoundedYaml.Load(text, YamlLimits.Request);
            if (documents.Count != 1)
            {
                mistakes.Add(new Mistake(
                    "", "NOT_ONE_DOCUMENT", $"The request has {documents.Count} documents.", "Send one rollout at a time."));
                return null;
            }

            return Convert(documents[0]);
        }
        catch (YamlFormatException exception)
        {
            mistakes.Add(new Mistake(
                exception.Path,
                "NOT_READABLE",
                exception.Line == 0 ? $"The request can't be read: {exception.Problem}." : $"Line {exception.Line}, column {exception.Column}: {exception.Problem}.",
                "The request must be YAML or JSON, without tags, merge keys and names that come twice."));
            return null;
        }
    }

    private static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(child =>
            KeyValuePair.Create(((YamlScalarNode)child.Key).Value ?? "", Convert(child.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(Convert)]),
        YamlScalarNode scalar => Convert(scalar),
        _ => null,
    };

    // YAML's core schema: quoted is text, plain may be something else.
    private static JsonNode? Convert(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style is not ScalarStyle.Plain and not ScalarStyle.Any)
        {
            return JsonValue.Create(text);
        }

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) => JsonValue.Create(integer),
            _ when IsNumber(text) => JsonValue.Create(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)),
            _ => JsonValue.Create(text),
        };
    }

    private static bool IsNumber(string text) =>
        (char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.')
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number);
}
