namespace MeshWorkflow.NamedFiles;

/// <summary>A path leads to something else than a regular file.</summary>
/// <param name="path">The path.</param>
/// <param name="kind">What it leads to: <c>a named pipe</c>, <c>a socket</c>, <c>a device</c>, <c>a folder</c>.</param>
public sealed class NotRegularFileException(string path, string kind) : IOException($"{path} is {kind}, and no regular file.")
{
    /// <summary>What to do about it.</summary>
    public const string Remedy = "Name a regular file: write into one what a pipe, as <(…) is one, would bring.";

    /// <summary>What the path leads to.</summary>
    public string Kind { get; } = kind;
}
