using System.Text.RegularExpressions;

namespace MeshWorkflow.Sandbox.Google.PrivateCa.Expressions;

/// <summary>The words of an expression, one after the other.</summary>
internal sealed partial class CelTokens
{
    private readonly List<string> _tokens;
    private int _at;

    public CelTokens(string text)
    {
        _tokens = [.. Token().Matches(text).Select(match => match.Value)];
        if (Token().Replace(text, "").Trim().Length > 0)
        {
            throw new FormatException("there is a character that means nothing");
        }
    }

    public string? Next => _at < _tokens.Count ? _tokens[_at] : null;

    public bool Takes(string token)
    {
        var isNext = Next == token;
        _at += isNext ? 1 : 0;
        return isNext;
    }

    public string Take() => _at < _tokens.Count ? _tokens[_at++] : throw new FormatException("it ends too early");

    public void Expect(string token)
    {
        if (!Takes(token))
        {
            throw new FormatException($"'{token}' was expected at '{Next ?? "the end"}'");
        }
    }

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|&&|\\|\\||==|!=|<=|>=|[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[().,!\\[\\]<>?:+]")]
    private static partial Regex Token();
}
