using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MeshWorkflow.MeshPackage.Archives;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.MeshPackage.Contents;

/// <summary>What a folder with a package has in it, so that what was carried over can be compared with what was sent.</summary>
/// <param name="Version">The package's version.</param>
/// <param name="Sources">Where it came from.</param>
/// <param name="Files">Its files, in the order of their paths.</param>
/// <param name="Platform">What its istioctl runs on: <see cref="PackagePlatform"/>.</param>
public sealed record PackageManifest(
    string Version, IReadOnlyList<PackageSource> Sources, IReadOnlyList<PackageFile> Files, string? Platform = null)
{
    /// <summary>What the file is called that says so.</summary>
    public const string FileName = "mesh-package.json";

    /// <summary>What lies in a folder while a package is being put there, and after that broke off.</summary>
    public const string UnfinishedFile = ".mesh-package.unfinished";

    private const int Named = 5;

    // What else lies there would be used, too: options are found by their files, gateways' manifests are applied as they lie.
    private static readonly string[] Closed = ["asm", "samples", "bin", "manifests"];

    /// <summary>Over the path and the digest of each file; what else lies in the folder is no part of it.</summary>
    [JsonIgnore]
    public string Digest => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Concat(Files.Select(file => $"{file.Sha256}  {file.Path}\n")))));

    /// <summary>Reads what a folder has in it.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>That; null: nobody has said.</returns>
    /// <exception cref="MeshException">
    /// The file is broken: <c>PACKAGE_CORRUPT</c>; or the package is not all there: <c>PACKAGE_INCOMPLETE</c>.
    /// </exception>
    public static PackageManifest? Read(string folder)
    {
        if (File.Exists(Path.Combine(folder, UnfinishedFile)))
        {
            throw new MeshException(
                "PACKAGE_INCOMPLETE",
                $"The package in {folder} is not all there: it is being built, or that broke off.",
                "Wait for it, or build it again: meshwf package build.");
        }

        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var content = GivenFile.OpenRead(path);
            var found = JsonSerializer.Deserialize(content, ManifestJson.Default.PackageManifest);
            return found is { Version: not null, Sources: not null, Files: not null } ? found : throw Broken(path, "fields are missing");
        }
        catch (JsonException exception)
        {
            throw Broken(path, exception.Message);
        }
    }

    /// <summary>Compares a folder with what it must have in it.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="MeshException">
    /// A file is missing, another one, or one too many, and which: <c>PACKAGE_INCOMPLETE</c>, <c>PACKAGE_CORRUPT</c>.
    /// </exception>
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

        var unknown = Unknown(folder).Order(StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
        {
            throw new MeshException(
                "PACKAGE_CORRUPT",
                $"The package in {folder} has files that {FileName} does not name: {Names(unknown)}.",
                "Take them out of the package; overlays of your own go with --custom_overlay, and gateways of your own into a folder of their own.");
        }
    }

    private IEnumerable<string> Unknown(string folder)
    {
        var known = Files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        return known
            .Select(path => path.Split('/'))
            .Select(parts => parts is [_, var part, _, ..] && parts[0].StartsWith(PackageOutput.ReleasePrefix, StringComparison.Ordinal) ? $"{parts[0]}/{part}" : parts[0])
            .Distinct()
            .Where(part => Closed.Contains(part.Split('/')[^1]) && Directory.Exists(In(folder, part)))
            .SelectMany(part => Directory.EnumerateFiles(In(folder, part), "*", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
            .Where(path => !known.Contains(path));
    }

    internal static PackageManifest Write(Package package, string folder, IEnumerable<string> paths)
    {
        var files = paths.Order(StringComparer.Ordinal).Select(path => new PackageFile(path, DigestOf(In(folder, path))));
        var manifest = new PackageManifest(package.Version.Configuration, package.Sources, [.. files], package.Platform);
        var path = Path.Combine(folder, FileName);
        File.WriteAllBytes($"{path}.half", JsonSerializer.SerializeToUtf8Bytes(manifest, ManifestJson.Default.PackageManifest));
        File.Move($"{path}.half", path, overwrite: true);
        return manifest;
    }

    private static MeshException Broken(string path, string why) =>
        new("PACKAGE_CORRUPT", $"{path} can't be read: {why}", "Carry it over again, or build it again: meshwf package build.");

    private static string Names(List<string> files) =>
        $"{string.Join(", ", files.Take(Named))}{(files.Count > Named ? $" and {files.Count - Named} more" : "")}";

    internal static string DigestOf(string path)
    {
        using var content = GivenFile.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }

    // Nothing outside the folder is looked at, whatever the file says.
    internal static string In(string folder, string path)
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
