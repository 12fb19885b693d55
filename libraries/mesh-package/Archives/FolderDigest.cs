using System.Security.Cryptography;
using System.Text;

namespace MeshWorkflow.MeshPackage.Archives;

/// <summary>A digest over a folder: over the path and the digest of each file, in the order of the paths.</summary>
internal static class FolderDigest
{
    public static string Of(string folder)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => (Name: Path.GetRelativePath(folder, file).Replace('\\', '/'), Path: file))
            .OrderBy(file => file.Name, StringComparer.Ordinal);
        foreach (var (name, path) in files)
        {
            using var content = File.OpenRead(path);
            all.AppendData(Encoding.UTF8.GetBytes($"{Convert.ToHexStringLower(SHA256.HashData(content))}  {name}\n"));
        }

        return Convert.ToHexStringLower(all.GetHashAndReset());
    }
}
