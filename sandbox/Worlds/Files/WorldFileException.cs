namespace MeshWorkflow.Sandbox.Worlds.Files;

/// <summary>A world file can't be used.</summary>
/// <param name="file">The file.</param>
/// <param name="problems">What is wrong, each by its place.</param>
public sealed class WorldFileException(string file, IReadOnlyList<string> problems)
    : Exception($"{file} describes no world:{Environment.NewLine}{string.Join(Environment.NewLine, problems.Select(problem => $"  {problem}"))}")
{
    /// <summary>What is wrong, each by its place.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
