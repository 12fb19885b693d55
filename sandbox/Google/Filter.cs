using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MeshWorkflow.Sandbox.Google;

/// <summary>
/// A filter of a list, as the design rules of Google's APIs have it: comparisons of fields with <c>=</c>, <c>!=</c> and <c>:</c>, joined by
/// AND, OR, NOT and parentheses. Compute Engine's <c>eq</c> and <c>ne</c> compare with a regular expression.
/// </summary>
internal sealed partial class Filter
{
    private static readonly TimeSpan MatchTime = TimeSpan.FromMilliseconds(200);
    private const int MaxLength = 2048;
    private readonly List<string> _tokens;
    private int _at;

    private Filter(string text)
    {
        _tokens = [.. Token().Matches(text).Select(match => match.Value)];
        if (Token().Replace(text, "").Trim().Length > 0)
        {
            throw Invalid(text);
        }
    }

    /// <summary>Reads a filter.</summary>
    /// <returns>Whether a resource passes.</returns>
    /// <exception cref="GoogleFailure">It is none.</exception>
    public static Func<JsonObject, bool> Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return _ => true;
        }

        if (text.Length > MaxLength)
        {
            throw Invalid($"{text[..64]}…");
        }

        var filter = new Filter(text);
        var read = filter.Or();
        return filter._at == filter._tokens.Count ? read : throw Invalid(text);
    }

    private string? Next => _at < _tokens.Count ? _tokens[_at] : null;

    private Func<JsonObject, bool> Or()
    {
        var left = And();
        while (Takes("OR"))
        {
            var (one, other) = (left, And());
            left = resource => one(resource) || other(resource);
        }

        return left;
    }

    private Func<JsonObject, bool> And()
    {
        var left = Not();
        while (Next is not null and not (")" or "OR"))
        {
            Takes("AND");
            var (one, other) = (left, Not());
            left = resource => one(resource) && other(resource);
        }

        return left;
    }

    private Func<JsonObject, bool> Not()
    {
        if (Takes("NOT") || Takes("-"))
        {
            var inner = Not();
            return resource => !inner(resource);
        }

        if (Takes("("))
        {
            var inner = Or();
            return Takes(")") ? inner : throw Invalid(string.Join(' ', _tokens));
        }

        return Comparison();
    }

    private Func<JsonObject, bool> Comparison()
    {
        if (_at + 2 >= _tokens.Count || _tokens[_at + 1] is not ("=" or "!=" or ":" or "eq" or "ne"))
        {
            throw Invalid(string.Join(' ', _tokens));
        }

        var (field, comparison, value) = (_tokens[_at], _tokens[_at + 1], Unquote(_tokens[_at + 2]));
        _at += 3;
        return comparison switch
        {
            "=" => resource => Values(resource, field).Any(each => Equal(each, value)),
            "!=" => resource => !Values(resource, field).Any(each => Equal(each, value)),
            "eq" => resource => Values(resource, field).Any(each => Fits(each, value)),
            "ne" => resource => !Values(resource, field).Any(each => Fits(each, value)),
            _ => resource => value == "*" ? Values(resource, field).Any() : Values(resource, field).Any(each => Has(each, value)),
        };
    }

    private bool Takes(string token)
    {
        var isNext = Next == token;
        _at += isNext ? 1 : 0;
        return isNext;
    }

    // A path leads through lists to every item.
    private static IEnumerable<string> Values(JsonNode? node, string path)
    {
        IEnumerable<JsonNode?> at = [node];
        foreach (var part in path.Split('.'))
        {
            var name = Unquote(part);
            at = at.SelectMany(each => each is JsonArray list ? list.ToArray() : [each])
                .Select(each => each is JsonObject inner ? inner[Schemas.FieldNames.Camel(name)] ?? inner[name] : null)
                .Where(each => each is not null);
        }

        return at.SelectMany(each => each is JsonArray list ? list.ToArray() : [each]).OfType<JsonNode>()
            .SelectMany(each => each is JsonObject map ? map.Select(pair => pair.Key) : [each.ToString()]);
    }

    private static bool Equal(string value, string wanted) =>
        wanted.Contains('*', StringComparison.Ordinal) ? Fits(value, Regex.Escape(wanted).Replace("\\*", ".*", StringComparison.Ordinal)) : value == wanted;

    private static bool Has(string value, string wanted) =>
        value.Contains(wanted.Trim('*'), StringComparison.OrdinalIgnoreCase);

    private static bool Fits(string value, string pattern)
    {
        try
        {
            return Regex.IsMatch(value, $"^(?:{pattern})\\z", RegexOptions.CultureInvariant, MatchTime);
        }
        catch (ArgumentException)
        {
            throw Invalid(pattern);
        }
    }

    private static string Unquote(string text) =>
        text.Length > 1 && text[0] is '"' or '\'' && text[^1] == text[0] ? text[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal) : text;

    private static GoogleFailure Invalid(string text) => new(GoogleErrors.Invalid("filter", $"Invalid list filter: {text}"));

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*'|!=|[=:()]|[^\\s=:()!\"']+(?:\\.\"[^\"]*\")?")]
    private static partial Regex Token();
}
