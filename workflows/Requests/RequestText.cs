using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MeshWorkflow.Workflows.Requests;

/// <summary>From YAML or JSON text to one tree.</summary>
internal static class RequestText
{
    /// <summary>The largest request, in bytes.</summary>
    public const int MaxSize = 1024 * 1024;

    // Aliases multiply: a small text can mean an endless tree.
    private const int MaxNodes = 100_000;
    private const int MaxDepth = 32;

    /// <summary>Reads a text.</summary>
    /// <returns>The tree, or null with the mistakes that keep it from being one.</returns>
    public static JsonNode? Read(string text, ICollection<Mistake> mistakes)
    {
        if (Encoding.UTF8.GetByteCount(text) > MaxSize)
        {
            mistakes.Add(new Mistake("", "REQUEST_TOO_LARGE", $"The request is larger than {MaxSize / 1024} KiB.", "Split it into several rollouts."));
            return null;
        }

        return TryJson(text) ?? ReadYaml(text, mistakes);
    }

    private static JsonNode? TryJson(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith("{"))
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            // A flow mapping of YAML begins alike; and YAML's reader tells where it goes wrong.
            return null;
        }
    }

    private static JsonNode? ReadYaml(string text, ICollection<Mistake> mistakes)
    {
        try
        {
            var documents = YamlDocuments.Load(text);
            if (documents.Count != 1)
            {
                mistakes.Add(new Mistake(
                    "", "NOT_ONE_DOCUMENT", $"The request has {documents.Count} documents.", "Send one rollout at a time."));
                return null;
            }

            var budget = MaxNodes;
            return Convert(documents[0].RootNode, depth: 0, ref budget);
        }
        catch (YamlException exception)
        {
            mistakes.Add(new Mistake(
                "",
                "NOT_READABLE",
                $"Line {exception.Start.Line}, column {exception.Start.Column}: {exception.InnerException?.Message ?? exception.Message}",
                "The request must be YAML or JSON."));
            return null;
        }
        catch (InvalidDataException exception)
        {
            mistakes.Add(new Mistake("", "NOT_READABLE", exception.Message, "Write it without anchors, and flatter."));
            return null;
        }
    }

    private static JsonNode? Convert(YamlNode node, int depth, ref int budget)
    {
        if (--budget < 0 || depth > MaxDepth)
        {
            throw new InvalidDataException($"The request has more than {MaxNodes} values or is nested deeper than {MaxDepth} levels.");
        }

        switch (node)
        {
            case YamlMappingNode mapping:
                var result = new JsonObject();
                foreach (var (key, value) in mapping.Children)
                {
                    result[key is YamlScalarNode name ? name.Value ?? "" : key.ToString()] = Convert(value, depth + 1, ref budget);
                }

                return result;
            case YamlSequenceNode sequence:
                var items = new JsonArray();
                foreach (var item in sequence.Children)
                {
                    items.Add(Convert(item, depth + 1, ref budget));
                }

                return items;
            case YamlScalarNode scalar:
                return Convert(scalar);
            default:
                return null;
        }
    }

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
