namespace MeshWorkflow.Sidecar.Storage;

/// <summary>What can be done with a state file that no sidecar runs on.</summary>
public static class StateFile
{
    /// <summary>
    /// Makes a file as small as what is in it. A running sidecar does most of this by itself, when much was deleted.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <returns>How large it was and is, bytes.</returns>
    /// <exception cref="StateFileException">There is none, it is in use, or it can't be used.</exception>
    public static (long Before, long After) Compact(string path)
    {
        if (!File.Exists(path))
        {
            throw new StateFileException($"There is no state file '{path}'.");
        }

        var before = new FileInfo(path).Length;
        Database.Compact(path);
        return (before, new FileInfo(path).Length);
    }
}
