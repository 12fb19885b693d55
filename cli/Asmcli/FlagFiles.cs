using MeshWorkflow.NamedFiles;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Cli.Asmcli;

/// <summary>Files of flags that the services read: sent as paths, so that what this command's shell has opened for it is none.</summary>
internal static class FlagFiles
{
    /// <returns>What is wrong with it; <see langword="null"/>: it is a file.</returns>
    public static Mistake? Check(AsmcliFlag flag, string path, string remedy = "Check the path.")
    {
        if (!File.Exists(path))
        {
            return new Mistake(flag.Long, "FILE_MISSING", $"'{Echo.Of(path)}' is no file", remedy);
        }

        try
        {
            RegularFile.Check(path);
            return null;
        }
        catch (NotRegularFileException exception)
        {
            return new Mistake(flag.Long, "FILE_NOT_REGULAR", $"'{Echo.Of(path)}' is {exception.Kind}, and no regular file", NotRegularFileException.Remedy);
        }
    }
}
