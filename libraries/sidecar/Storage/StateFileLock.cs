using System.Diagnostics;
using System.Globalization;

namespace MeshWorkflow.Sidecar.Storage;

/// <summary>Keeps a second process off a state file. The system lets go of it when the process ends, however it ends.</summary>
internal sealed class StateFileLock : IDisposable
{
    private readonly FileStream _file;

    private StateFileLock(FileStream file) => _file = file;

    /// <exception cref="StateFileException">Another process has it.</exception>
    public static StateFileLock Take(string stateFile)
    {
        FileStream file;
        try
        {
            // Only "no sharing" is an exclusive lock on Unix; who has it stands in a file of its own.
            file = new FileStream(stateFile + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new StateFileException(
                $"The state file '{stateFile}' is in use by {Owner(stateFile)}. Stop that process, or choose another state folder.",
                exception);
        }

        File.WriteAllText(OwnerFile(stateFile), Myself());
        return new StateFileLock(file);
    }

    public void Dispose() => _file.Dispose();

    private static string OwnerFile(string stateFile) => stateFile + ".owner";

    private static string Myself()
    {
        using var process = Process.GetCurrentProcess();
        return string.Create(CultureInfo.InvariantCulture, $"process {process.Id} ({process.ProcessName})");
    }

    private static string Owner(string stateFile)
    {
        try
        {
            return File.ReadAllText(OwnerFile(stateFile)) is { Length: > 0 } owner ? owner : "another process";
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}
