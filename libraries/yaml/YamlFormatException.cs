namespace MeshWorkflow.YamlText;

/// <summary>A text that is refused, with its place.</summary>
/// <param name="problem">What is wrong.</param>
/// <param name="line">The line, from 1; 0: it is the text as a whole.</param>
/// <param name="column">The column, from 1; 0: it is the text as a whole.</param>
/// <param name="path">The field, as in <c>spec.clusters[2].name</c>; empty: the text itself.</param>
/// <param name="isQuoting">Whether the problem may quote a few letters of the text.</param>
public sealed class YamlFormatException(string problem, long line, long column, string path, bool isQuoting = false)
    : FormatException(line == 0 ? problem : $"{PlaceOf(line, column, path)}: {problem}")
{
    /// <summary>What is wrong. It may quote a few letters of the text: where that is secret, tell <see cref="Secretive"/>.</summary>
    public string Problem { get; } = problem;

    /// <summary>The line, from 1; 0: it is the text as a whole.</summary>
    public long Line { get; } = line;

    /// <summary>The column, from 1; 0: it is the text as a whole.</summary>
    public long Column { get; } = column;

    /// <summary>The field, as in <c>spec.clusters[2].name</c>, cut at 200 characters; empty: the text itself.</summary>
    public string Path { get; } = path;

    /// <summary>The message without anything of the text but names of fields.</summary>
    public string Secretive { get; } = line == 0 ? problem : $"{PlaceOf(line, column, path)}: {(isQuoting ? "this can't be read" : problem)}";

    /// <summary>Whether it is larger than the limit: nothing else is known of it then.</summary>
    public bool IsTooLarge { get; init; }

    private static string PlaceOf(long line, long column, string path) => $"line {line}, column {column}{(path.Length == 0 ? "" : $", in {path}")}";
}
