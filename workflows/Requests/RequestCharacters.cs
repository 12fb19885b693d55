using System.Globalization;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Workflows.Requests;

/// <summary>Which characters the texts of a request may have: those that can be seen, and of names not more than people write.</summary>
internal static class RequestCharacters
{
    /// <summary>The longest text that is no file's content, in characters.</summary>
    public const int MaxLength = 2048;

    private const string File = "content";

    // What people say in their own words.
    private static readonly string[] OfLines = ["comment", "reason"];

    /// <summary>Adds a mistake for every text that has others.</summary>
    public static void Check(JsonNode? tree, ICollection<Mistake> mistakes) => Check(tree, "", "", mistakes);

    private static void Check(JsonNode? node, string path, string name, ICollection<Mistake> mistakes)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (key, value) in Fields(map, path, mistakes))
                {
                    var shown = VisibleText.Of(key, 100);
                    var inner = path.Length == 0 ? shown : $"{path}.{shown}";
                    CheckText(key, inner, isOfLines: false, mistakes);
                    Check(value, inner, key, mistakes);
                }

                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    Check(list[i], string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), name, mistakes);
                }

                break;
            case JsonValue value when value.GetValueKind() is System.Text.Json.JsonValueKind.String:
                // Files are YAML, which has rules of its own.
                if (Text(value) is null || name != File)
                {
                    CheckText(Text(value), path, OfLines.Contains(name), mistakes);
                }

                break;
        }
    }

    // What comes of JSON is taken apart only now, and may turn out to be none.
    private static IEnumerable<KeyValuePair<string, JsonNode?>> Fields(JsonObject map, string path, ICollection<Mistake> mistakes)
    {
        try
        {
            return [.. map];
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            mistakes.Add(Hidden(path, "half a character (a lone surrogate) in the name of a field"));
            return [];
        }
    }

    private static string? Text(JsonValue value)
    {
        try
        {
            return value.GetValue<string>();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static void CheckText(string? text, string path, bool isOfLines, ICollection<Mistake> mistakes)
    {
        if (text is null)
        {
            mistakes.Add(Hidden(path, "half a character (a lone surrogate)"));
        }
        else if (text.Length > MaxLength)
        {
            mistakes.Add(new Mistake(path, "TOO_LONG", $"is longer than {MaxLength} characters", "Shorten it."));
        }
        else if (VisibleText.FirstHidden(text, isOfLines) is { } hidden)
        {
            mistakes.Add(Hidden(path, $"a character that can't be seen ({hidden})"));
        }
    }

    private static Mistake Hidden(string path, string what) => new(path, "WRONG_CHARACTER", $"has {what}", "Take it away.");
}
