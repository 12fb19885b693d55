using System.Text.RegularExpressions;

namespace MeshWorkflow.Sandbox.Kubernetes.Storage;

/// <summary>The forms of names, and what a server says of a name that has another.</summary>
internal static partial class NameFormats
{
    private const int LongestLabel = 63;
    private const int LongestSubdomain = 253;
    private const int LongestPort = 15;

    /// <summary>A name as DNS has it, with dots. Null: it is one.</summary>
    public static string? SubdomainMistake(string name) => name.Length > LongestSubdomain
        ? TooLong(LongestSubdomain)
        : Subdomain().IsMatch(name)
            ? null
            : "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    /// <summary>A name as DNS has it, without dots. Null: it is one.</summary>
    public static string? LabelMistake(string name) => name.Length > LongestLabel
        ? TooLong(LongestLabel)
        : Label().IsMatch(name)
            ? null
            : "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    /// <summary>A name without dots that begins with a letter. Null: it is one.</summary>
    public static string? OldLabelMistake(string name) => name.Length > LongestLabel
        ? TooLong(LongestLabel)
        : OldLabel().IsMatch(name)
            ? null
            : "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

    /// <summary>The name of a port. Null: it is one.</summary>
    public static string? PortNameMistake(string name) => name switch
    {
        { Length: > LongestPort } => TooLong(LongestPort),
        _ when !name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-') => "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)",
        _ when !name.Any(char.IsAsciiLetterLower) => "must contain at least one letter (a-z)",
        _ when name.Contains("--", StringComparison.Ordinal) => "must not contain consecutive hyphens",
        _ when name[0] == '-' || name[^1] == '-' => "must not begin or end with a hyphen",
        _ => null,
    };

    /// <summary>A part of a path. Null: it is one.</summary>
    public static string? PathMistake(string name) => name switch
    {
        "." or ".." => $"may not be '{name}'",
        _ when name.Contains('/', StringComparison.Ordinal) => "may not contain '/'",
        _ when name.Contains('%', StringComparison.Ordinal) => "may not contain '%'",
        _ => null,
    };

    /// <summary>The value of a label. Null: it is one.</summary>
    public static string? LabelValueMistake(string value) => value.Length > LongestLabel
        ? TooLong(LongestLabel)
        : LabelValue().IsMatch(value)
            ? null
            : "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    /// <summary>What is wrong with a key of labels or annotations, with or without the domain that it belongs to.</summary>
    public static IEnumerable<string> KeyMistakes(string key)
    {
        var parts = key.Split('/');
        if (parts.Length > 2)
        {
            return ["a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"];
        }

        string?[] mistakes = [parts.Length == 2 ? PrefixMistake(parts[0]) : null, .. NameMistakes(parts[^1])];
        return mistakes.OfType<string>();
    }

    private static string? PrefixMistake(string prefix) => prefix.Length == 0
        ? "prefix part must be non-empty"
        : SubdomainMistake(prefix) is { } mistake ? $"prefix part {mistake}" : null;

    private static IEnumerable<string> NameMistakes(string name)
    {
        if (name.Length == 0)
        {
            yield return "name part must be non-empty";
        }
        else if (name.Length > LongestLabel)
        {
            yield return $"name part {TooLong(LongestLabel)}";
        }

        if (!KeyName().IsMatch(name))
        {
            yield return "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
        }
    }

    private static string TooLong(int most) => $"must be no more than {most} characters";

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex Label();

    [GeneratedRegex(@"^[a-z]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex OldLabel();

    [GeneratedRegex(@"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\z")]
    private static partial Regex LabelValue();

    [GeneratedRegex(@"^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z")]
    private static partial Regex KeyName();
}
