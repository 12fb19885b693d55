using System.Globalization;
using System.Text;

namespace MeshWorkflow.Workflows.Requests;

/// <summary>
/// Text of others, as people may see it: characters that are not seen, or that steer a terminal, the direction of writing or a log,
/// are written as <c>\u202e</c>.
/// </summary>
public static class VisibleText
{
    /// <summary>Writes a text for one line.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">How many of its characters at most; what is longer ends with …</param>
    public static string Of(string text, int most = int.MaxValue) => Write(text, most, areLinesKept: false);

    /// <summary>Writes a text whose line ends and tabs are kept.</summary>
    /// <param name="text">The text.</param>
    public static string Lines(string text) => Write(text, int.MaxValue, areLinesKept: true);

    /// <summary>The first character that is not seen, or half a one; null: there is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="areLinesKept">Whether line ends and tabs may be there.</param>
    public static string? FirstHidden(string text, bool areLinesKept = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (var at = 0; at < text.Length;)
        {
            var isWhole = Rune.TryGetRuneAt(text, at, out var rune);
            if (!isWhole || IsHidden(rune, areLinesKept))
            {
                return Escaped(isWhole ? rune.Value : text[at]);
            }

            at += rune.Utf16SequenceLength;
        }

        return null;
    }

    private static string Write(string text, int most, bool areLinesKept)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length <= most && FirstHidden(text, areLinesKept) is null)
        {
            return text;
        }

        var written = new StringBuilder();
        var at = 0;
        while (at < text.Length && at < most)
        {
            var isWhole = Rune.TryGetRuneAt(text, at, out var rune);
            written.Append(!isWhole || IsHidden(rune, areLinesKept) ? Escaped(isWhole ? rune.Value : text[at]) : rune.ToString());
            at += isWhole ? rune.Utf16SequenceLength : 1;
        }

        return at < text.Length ? written.Append('…').ToString() : written.ToString();
    }

    private static bool IsHidden(Rune rune, bool areLinesKept) =>
        !(areLinesKept && rune.Value is '\n' or '\r' or '\t')
        && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static string Escaped(int letter) =>
        letter <= char.MaxValue ? $"\\u{letter:x4}" : $"\\U{letter:x8}";
}
