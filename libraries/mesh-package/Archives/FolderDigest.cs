using System.Security.Cryptography;
using System.Text;
using MeshWorkflow.MeshPackage.Contents;

namespace MeshWorkflow.MeshPackage.Archives;

/// <summary>
/// A digest over a folder: over the path and the digest of each file, in the order of the paths. Where the folder says which files are
/// the package's, these alone, and they are compared first.
/// </summary>
internal static class FolderDigest
{
    /// <exception cref="Steps.Failures.MeshException">Files are missing, or not what the folder says: <c>PACKAGE_…</c>.</exception>
    public static string Of(string folder)
    {
        if (PackageManifest.Read(folder) is { } manifest)
        {
            manifest.Check(folder);
            return manifest.Digest;
        }

        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => (Name: Path.GetRelativePath(folder, file).Replace('\\', '/'), Path: file))
            .OrderBy(file => file.Name, StringComparer.Ordinal);
        foreach (var (name, path) in files)
        {
            using var content = GivenFile.OpenRead(path);
            all.AppendData(Encoding.UTF8.GetBytes($"{Convert.ToHexStringLower(SHA256.HashData(content))}  {name}\n"));
        }

        return Convert.ToHexStringLower(all.GetHashAndReset());
    }
}
