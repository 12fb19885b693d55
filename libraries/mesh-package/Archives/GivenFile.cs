using MeshWorkflow.NamedFiles;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.MeshPackage.Archives;

/// <summary>A file of a package that somebody has given as a folder or an archive of their own.</summary>
internal static class GivenFile
{
    /// <exception cref="MeshException">It is no regular file: <c>PACKAGE_UNSAFE</c>.</exception>
    public static FileStream OpenRead(string path)
    {
        try
        {
            return RegularFile.OpenRead(path);
        }
        catch (NotRegularFileException exception)
        {
            throw new MeshException("PACKAGE_UNSAFE", $"spec.package: {exception.Message}", "A package has regular files, folders and links alone: take it out, or give a whole package.");
        }
    }
}
