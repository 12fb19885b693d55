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
        var path = stateFile + ".lock";
        try
        {
            // Readers may look who it is; nobody else may write.
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            file.SetLength(0);
            file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            file.Flush();
            return new StateFileLock(file);
        }
        catch (IOException exception)
        {
            throw new StateFileException(
                $"The state file '{stateFile}' is in use by process {Holder(path)}. Stop that process, or choose another state folder.",
                exception);
        }
    }

    public void Dispose() => _file.Dispose();

    private static string Holder(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(file);
            return reader.ReadToEnd() is { Length: > 0 } pid ? pid : "(unknown)";
        }
        catch (IOException)
        {
            return "(unknown)";
        }
    }
}
