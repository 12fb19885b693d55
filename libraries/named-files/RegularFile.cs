namespace MeshWorkflow.NamedFiles;

/// <summary>
/// A file that somebody has named by its path. Opening a named pipe waits for whoever writes into it, maybe for ever, and no deadline ends
/// that; so what is no regular file is refused before it is opened. Links are followed.
/// </summary>
public static class RegularFile
{
    /// <summary>Checks that a path leads to a regular file, or to nothing.</summary>
    /// <param name="path">The path.</param>
    /// <exception cref="NotRegularFileException">It leads to a named pipe, a socket, a device or a folder.</exception>
    public static void Check(string path)
    {
        if (FileKind.OtherThanRegular(path) is { } kind)
        {
            throw new NotRegularFileException(path, kind);
        }
    }

    /// <summary>Opens a regular file.</summary>
    /// <param name="path">The path.</param>
    /// <returns>Its content, from the beginning.</returns>
    /// <exception cref="NotRegularFileException">It is none.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static FileStream OpenRead(string path)
    {
        Check(path);
        return File.OpenRead(path);
    }

    /// <summary>Reads a regular file as text.</summary>
    /// <param name="path">The path.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>All of it.</returns>
    /// <exception cref="NotRegularFileException">It is none.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static Task<string> ReadTextAsync(string path, CancellationToken cancellationToken)
    {
        Check(path);
        return File.ReadAllTextAsync(path, cancellationToken);
    }
}
