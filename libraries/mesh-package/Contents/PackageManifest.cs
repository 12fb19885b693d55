using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.MeshPackage.Contents;

/// <summary>What a folder with a package has in it, so that what was carried over can be compared with what was sent.</summary>
/// <param name="Version">The package's version.</param>
/// <param name="Sources">Where it came from.</param>
/// <param name="Files">Its files, in the order of their paths.</param>
public sealed record PackageManifest(string Version, IReadOnlyList<PackageSource> Sources, IReadOnlyList<PackageFile> Files)
{
    /// <summary>What the file is called that says so.</summary>
    public const string FileName = "mesh-package.json";

    private const int Named = 5;

    /// <summary>Over the path and the digest of each file; what else lies in the folder is no part of it.</summary>
    [JsonIgnore]
    public string Digest => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Concat(Files.Select(file => $"{file.Sha256}  {file.Path}\n")))));

    /// <summary>Reads what a folder has in it.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>That; null: nobody has said.</returns>
    /// <exception cref="MeshException">The file is broken: <c>PACKAGE_CORRUPT</c>.</exception>
    public static PackageManifest? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var found = JsonSerializer.Deserialize(File.ReadAllBytes(path), ManifestJson.Default.PackageManifest);
            return found is { Version: not null, Sources: not null, Files: not null } ? found : throw Broken(path, "fields are missing");
        }
        catch (JsonException exception)
        {
            throw Broken(path, exception.Message);
        }
    }

    /// <summary>Compares a folder with what it must have in it.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="MeshException">A file is missing or another one, and which: <c>PACKAGE_INCOMPLETE</c>, <c>PACKAGE_CORRUPT</c>.</exception>
    public void Check(string folder)
    {
        var missing = Files.Where(file => !File.Exists(In(folder, file.Path))).Select(file => file.Path).ToList();
        if (missing.Count > 0)
        {
            throw new MeshException(
                "PACKAGE_INCOMPLETE", $"The package in {folder} lacks {Names(missing)}.", "Carry all of it over, or build it again: meshwf package build.");
        }

        var other = Files.Where(file => DigestOf(In(folder, file.Path)) != file.Sha256).Select(file => file.Path).ToList();
        if (other.Count > 0)
        {
            throw new MeshException(
                "PACKAGE_CORRUPT",
                $"The package in {folder} has other content than {FileName} says: {Names(other)}.",
                "Carry it over again, or build it again: meshwf package build.");
        }
    }

    internal static PackageManifest Write(Package package, string folder, IEnumerable<string> parts)
    {
        var files = parts
            .SelectMany(part => Directory.EnumerateFiles(In(folder, part), "*", SearchOption.AllDirectories))
            .Select(file => new PackageFile(Path.GetRelativePath(folder, file).Replace('\\', '/'), DigestOf(file)))
            .OrderBy(file => file.Path, StringComparer.Ordinal);
        var manifest = new PackageManifest(package.Version.Configuration, package.Sources, [.. files]);
        File.WriteAllBytes(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(manifest, ManifestJson.Default.PackageManifest));
        return manifest;
    }

    private static MeshException Broken(string path, string why) =>
        new("PACKAGE_CORRUPT", $"{path} can't be read: {why}", "Carry it over again, or build it again: meshwf package build.");

    private static string Names(List<string> files) =>
        $"{string.Join(", ", files.Take(Named))}{(files.Count > Named ? $" and {files.Count - Named} more" : "")}";

    private static string DigestOf(string path)
    {
        using var content = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }

    // Nothing outside the folder is looked at, whatever the file says.
    private static string In(string folder, string path)
    {
        var root = Path.GetFullPath(folder);
        var full = Path.GetFullPath(Path.Combine(root, path));
        return full.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? full
            : throw Broken(Path.Combine(folder, FileName), $"'{path}' leaves the folder");
    }
}

/// <summary>Where a half of a package came from.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Sha256">The SHA-256 of the archive, or over the folder.</param>
public sealed record PackageSource(string Address, string Sha256);

/// <summary>A file of a package.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Sha256">Its SHA-256.</param>
public sealed record PackageFile(string Path, string Sha256);

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(PackageManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
