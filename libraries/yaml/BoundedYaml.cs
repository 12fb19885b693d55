using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MeshWorkflow.YamlText;

/// <summary>
/// Reads YAML that anybody may have written. What would end the process, or grow without end, or be read differently by others is
/// refused with its place: depth, size, aliases that multiply, tags, merge keys, names that come twice, texts that are no UTF-8.
/// </summary>
public static class BoundedYaml
{
    private const int BufferBytes = 16 * 1024;

#pragma warning disable RS0030 // Here are the limits.
    /// <summary>Reads all documents of a text. Aliases are the nodes that they name; <c>!!str</c> values are quoted ones.</summary>
    /// <param name="text">YAML, or JSON.</param>
    /// <param name="limits">How much it may be.</param>
    /// <returns>The root of each document.</returns>
    /// <exception cref="YamlFormatException">It is refused.</exception>
    public static IReadOnlyList<YamlNode> Load(string text, YamlLimits limits)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > limits.MaxBytes || Encoding.UTF8.GetByteCount(text) > limits.MaxBytes)
        {
            throw TooLarge(limits);
        }

        text = text.TrimStart('\uFEFF');
        YamlCharacters.Check(text);
        var events = new CheckedEvents(new Parser(new StringReader(text)), limits);
        var stream = new YamlStream();
        try
        {
            stream.Load(events);
            return [.. stream.Documents.Select(document => document.RootNode)];
        }
        catch (YamlException exception)
        {
            var message = (exception.InnerException?.Message ?? exception.Message).TrimEnd('.');
            throw new YamlFormatException(message, Math.Max(1, exception.Start.Line), Math.Max(1, exception.Start.Column), events.Path, isQuoting: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            // The parser's own slips on what is no YAML.
            throw new YamlFormatException("this is no YAML", events.Last.Line, events.Last.Column, events.Path);
        }
    }
#pragma warning restore RS0030

    /// <summary>Reads a file that is to be YAML: UTF-8, and not endless.</summary>
    /// <param name="file">The file.</param>
    /// <param name="limits">How much it may be.</param>
    /// <returns>The text, which may still be no YAML.</returns>
    /// <exception cref="YamlFormatException">It is refused.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static string ReadFile(string file, YamlLimits limits)
    {
        using var source = File.OpenRead(file);
        return ReadStream(source, limits);
    }

    /// <summary>Reads a text that is to be YAML: UTF-8, and not endless.</summary>
    /// <param name="source">What it is read from.</param>
    /// <param name="limits">How much it may be.</param>
    /// <returns>The text, which may still be no YAML.</returns>
    /// <exception cref="YamlFormatException">It is refused.</exception>
    public static string ReadStream(Stream source, YamlLimits limits)
    {
        ArgumentNullException.ThrowIfNull(source);
        using var content = new MemoryStream();
        var buffer = new byte[BufferBytes];
        for (int read; (read = source.Read(buffer)) > 0;)
        {
            Add(content, buffer.AsSpan(0, read), limits);
        }

        return TextOf(content);
    }

    /// <summary>Reads a text that is to be YAML: UTF-8, and not endless.</summary>
    /// <param name="source">What it is read from.</param>
    /// <param name="limits">How much it may be.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The text, without a byte order mark, which may still be no YAML.</returns>
    /// <exception cref="YamlFormatException">It is refused.</exception>
    public static async Task<string> ReadStreamAsync(Stream source, YamlLimits limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        using var content = new MemoryStream();
        var buffer = new byte[BufferBytes];
        for (int read; (read = await source.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            Add(content, buffer.AsSpan(0, read), limits);
        }

        return TextOf(content);
    }

    private static void Add(MemoryStream content, ReadOnlySpan<byte> read, YamlLimits limits)
    {
        content.Write(read);
        if (content.Length > limits.MaxBytes)
        {
            throw TooLarge(limits);
        }
    }

    private static string TextOf(MemoryStream content) => YamlCharacters.Decode(content.GetBuffer().AsSpan(0, (int)content.Length));

    private static YamlFormatException TooLarge(YamlLimits limits) => new($"it is larger than {limits.MaxBytes / 1024} KiB", 0, 0, "") { IsTooLarge = true };
}
