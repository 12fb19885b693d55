using MeshWorkflow.NamedFiles;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Files that the command reads by itself. A pipe that its shell has opened for it, as <c>&lt;(…)</c>, is as good as a regular file.</summary>
internal static class CommandFile
{
    private static readonly string[] Opened = ["/dev/stdin", "/dev/fd/", "/proc/self/fd/"];

    /// <exception cref="NotRegularFileException">It is neither.</exception>
    public static FileStream OpenRead(string path)
    {
        var whole = Path.GetFullPath(path);
        return Opened.Any(place => whole.StartsWith(place, StringComparison.Ordinal)) ? File.OpenRead(whole) : RegularFile.OpenRead(whole);
    }
}
