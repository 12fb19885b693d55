using MeshWorkflow.MeshCertificates;
using MeshWorkflow.NamedFiles;
using MeshWorkflow.Steps.Failures;
using Microsoft.Extensions.Options;

namespace MeshWorkflow.Certificates.IstioCa;

/// <summary>Reads certificates and keys from the folder that they may lie in. What is in them never gets into a message.</summary>
internal sealed class CaFiles(IOptions<IstioCaOptions> options)
{
    private const int MaxLength = 1 << 20;

    /// <exception cref="MeshException">It can't be read.</exception>
    public async Task<string> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var whole = Allowed(path);
        try
        {
            if (new FileInfo(whole).Length > MaxLength)
            {
                throw new MeshException("CA_FILE_INVALID", $"{path} is larger than 1 MiB: it is no certificate.", "Check the path.");
            }

            return await RegularFile.ReadTextAsync(whole, cancellationToken);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MeshException(
                "CA_FILE_MISSING", $"The certificates service finds no file {path}.", "The path is one of the machine, or the container, that the certificates service runs in.");
        }
        catch (NotRegularFileException exception)
        {
            throw new MeshException("CA_FILE_NOT_REGULAR", $"spec.certificateAuthority: {exception.Message}", NotRegularFileException.Remedy);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new MeshException("CA_FILE_UNREADABLE", $"The certificates service can't read {path}: {exception.GetType().Name}.", "Let the service's user read it, and nobody else.");
        }
    }

    /// <summary>The folder of a cluster: named as it is, or <c>project/location/name</c> where names are not unique.</summary>
    /// <exception cref="MeshException">There is none.</exception>
    public string FolderOf(string folder, string project, string location, string name)
    {
        var candidates = new[] { Path.Combine(folder, project, location, name), Path.Combine(folder, name) };
        return candidates.FirstOrDefault(candidate => Directory.Exists(Allowed(candidate))) ?? throw new MeshException(
            "CA_FOLDER_MISSING",
            $"There is no folder {candidates[1]} with {string.Join(", ", CertificateFiles.OfCluster)}.",
            $"Make it: meshwf certs intermediate {name} --folder {folder}. It may be {candidates[0]} too, where clusters have the same name.");
    }

    /// <summary>Whether others than the owner may read a file.</summary>
    public static bool IsOpen(string path) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0;

    private string Allowed(string path)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Value.Folder));
        var whole = Path.IsPathFullyQualified(path) ? Path.GetFullPath(path) : "";
        return whole.StartsWith(root.EndsWith(Path.DirectorySeparatorChar) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? whole
            : throw new MeshException(
                "CA_FILE_NOT_ALLOWED",
                $"The certificates service reads nothing outside {root}, and {path} is.",
                "Put the files there, or set IstioCa:Folder of the service.");
    }
}
