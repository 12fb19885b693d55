using System.Text;

namespace MeshWorkflow.YamlText;

/// <summary>Which characters a text may have: YAML's printable ones. A parser would take a NUL for the text's end.</summary>
internal static class YamlCharacters
{
    /// <exception cref="YamlFormatException">It is no UTF-8.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            if (Rune.DecodeFromUtf8(bytes[at..], out _, out var length) is not System.Buffers.OperationStatus.Done)
            {
                throw Refused(Encoding.UTF8.GetString(bytes[..at]), "it is no UTF-8 from here on");
            }

            at += length;
        }

        return Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF');
    }

    /// <exception cref="YamlFormatException">It has a character that it may not have.</exception>
    public static void Check(ReadOnlySpan<char> text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text[at..], out var rune, out var length) is not System.Buffers.OperationStatus.Done)
            {
                throw Refused(text[..at], "there is half a character (a lone surrogate) here");
            }

            if (!IsPrintable(rune.Value))
            {
                throw Refused(text[..at], $"there is a control character (U+{rune.Value:X4}) here");
            }

            at += length;
        }
    }

    /// <summary>Whether a text has half a character: escapes may bring it.</summary>
    public static bool HasHalves(ReadOnlySpan<char> text)
    {
        while (text.IndexOfAnyInRange('\ud800', '\udfff') is >= 0 and var at)
        {
            if (Rune.DecodeFromUtf16(text[at..], out _, out var length) is not System.Buffers.OperationStatus.Done)
            {
                return true;
            }

            text = text[(at + length)..];
        }

        return false;
    }

    private static bool IsPrintable(int letter) =>
        letter is '\t' or '\n' or '\r' or 0x85 or (>= ' ' and < 0x7f) or (>= 0xa0 and not (0xfffe or 0xffff));

    private static YamlFormatException Refused(ReadOnlySpan<char> before, string problem) =>
        new(problem, before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'), "");
}
