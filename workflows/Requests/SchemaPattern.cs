using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MeshWorkflow.Workflows.Requests;

/// <summary>Writes patterns as JSON Schema has them, which knows neither <c>\z</c> nor a way to overlook case.</summary>
internal static class SchemaPattern
{
    public static string Of(Regex format)
    {
        var pattern = format.ToString();
        if (pattern.EndsWith("\\z", StringComparison.Ordinal))
        {
            pattern = $"{pattern[..^2]}$";
        }

        return format.Options.HasFlag(RegexOptions.IgnoreCase) ? AnyCase(pattern) : pattern;
    }

    private static string AnyCase(string pattern)
    {
        var written = new StringBuilder();
        var isInSet = false;
        foreach (var letter in pattern)
        {
            isInSet = letter == '[' || (isInSet && letter != ']');
            if (!char.IsAsciiLetter(letter))
            {
                written.Append(letter);
            }
            else if (!isInSet)
            {
                written.Append(CultureInfo.InvariantCulture, $"[{char.ToLowerInvariant(letter)}{char.ToUpperInvariant(letter)}]");
            }
            else
            {
                written.Append(letter);
            }
        }

        return written.Replace("a-z", "a-zA-Z").ToString();
    }
}
