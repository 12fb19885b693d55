using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.MeshPackage.Archives;

/// <summary>One process at a time: a file that is open for one alone. The system closes it when that process dies.</summary>
internal static class FolderTurn
{
    // What the systems answer when another has it: EAGAIN on Linux and macOS, a sharing violation on Windows.
    private static readonly int[] Taken = [11, 35, unchecked((int)0x80070020)];

    /// <param name="path">The file; it stays, for taking it away would let two in.</param>
    /// <param name="why">What is said to whoever must wait.</param>
    /// <exception cref="WaitException">Another process has it.</exception>
    public static FileStream Take(string path, string why)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (Taken.Contains(exception.HResult))
        {
            throw new WaitException(why);
        }
    }
}
