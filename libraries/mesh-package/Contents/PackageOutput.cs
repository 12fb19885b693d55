using MeshWorkflow.MeshPackage.Archives;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.MeshPackage.Contents;

/// <summary>Keeps a package for people: istioctl, samples and manifests in a folder of theirs (<c>--output_dir</c>).</summary>
public static class PackageOutput
{
    internal const string VersionFile = ".asm_version";
    internal const string Link = "istioctl";
    internal const string ReleasePrefix = "istio-";

    private const string Archives = "archives";
    private const string LockFile = ".mesh-package.lock";

    // Where the document has people make their keys: theirs, not the package's.
    private const string Keys = "certs";

    private static readonly string[] Parts = ["asm", "samples"];

    /// <summary>
    /// Copies a package into a folder; what lies there of the same name is replaced, and what an earlier package left goes. Done twice, the
    /// same lies there. Until all of it lies there the folder is no package.
    /// </summary>
    /// <param name="package">The package.</param>
    /// <param name="folder">The folder; made where it is missing. A relative path counts from the current folder.</param>
    /// <exception cref="WaitException">Another process puts a package there.</exception>
    public static void Write(Package package, string folder)
    {
        ArgumentNullException.ThrowIfNull(package);
        var root = Directory.CreateDirectory(Path.GetFullPath(folder)).FullName;
        using var turn = FolderTurn.Take(Path.Combine(root, LockFile), $"another process puts a mesh package into {root}");
        var unfinished = Path.Combine(root, PackageManifest.UnfinishedFile);
        var earlier = Earlier(root, unfinished);
        File.WriteAllText(unfinished, "");
        var release = $"{ReleasePrefix}{package.Version.Release}";
        List<string> paths = [.. Copy(package.Release, root, release)];
        foreach (var name in Parts.Where(name => Directory.Exists(Path.Combine(package.Configuration, name))))
        {
            paths.AddRange(Copy(Path.Combine(package.Configuration, name), root, name));
        }

        string[] archives = [$"{Archives}/{release}-{package.Platform}.tar.gz", $"{Archives}/asm-{package.Version.Configuration}.tar.gz"];
        paths.AddRange(package.Archives.Count > 0
            ? package.Archives.Zip(archives, (from, path) => Put(from, root, path))
            : earlier.Where(file => archives.Contains(file.Path) && package.Sources.Any(source => source.Sha256 == file.Sha256)).Select(file => file.Path));
        MakeLink(root, release);
        File.WriteAllText(Path.Combine(root, VersionFile), $"{package.Version.Configuration}\n");
        Remove(root, earlier, paths);
        PackageManifest.Write(package, root, paths);
        File.Delete(unfinished);
    }

    /// <summary>Keeps what a revision was rendered from, and what came of it, under asmcli's names.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    /// <param name="revision">The revision.</param>
    /// <param name="operatorText">The effective operator, YAML.</param>
    /// <param name="manifests">The manifests, YAML.</param>
    public static void WriteManifests(string folder, string revision, string operatorText, string manifests)
    {
        var root = Directory.CreateDirectory(Path.GetFullPath(folder)).FullName;
        File.WriteAllText(Path.Combine(root, $"{revision}-manifest-raw.yaml"), operatorText);
        File.WriteAllText(Path.Combine(root, $"{revision}-manifest-expanded.yaml"), manifests);
    }

    // What an earlier package put there; one that broke off is gone over by its manifest, too.
    private static IReadOnlyList<PackageFile> Earlier(string root, string unfinished)
    {
        File.Delete(unfinished);
        try
        {
            return PackageManifest.Read(root)?.Files ?? [];
        }
        catch (MeshException)
        {
            // Broken, and replaced in a moment: what it named can't be told, so nothing is taken away.
            return [];
        }
    }

    private static void Remove(string root, IReadOnlyList<PackageFile> earlier, List<string> paths)
    {
        foreach (var file in earlier.ExceptBy(paths, file => file.Path))
        {
            var path = PackageManifest.In(root, file.Path);
            if (File.Exists(path) && PackageManifest.DigestOf(path) == file.Sha256)
            {
                File.Delete(path);
            }
        }
    }

    private static IEnumerable<string> Copy(string from, string root, string part)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).ToList())
        {
            var path = $"{part}/{Path.GetRelativePath(from, file).Replace('\\', '/')}";
            if (!path.StartsWith($"{part}/{Keys}/", StringComparison.Ordinal))
            {
                yield return Put(file, root, path);
            }
        }
    }

    // Whoever reads meanwhile sees a whole file, the old one or the new one.
    private static string Put(string from, string root, string path)
    {
        var target = PackageManifest.In(root, path);
        if (Path.GetFullPath(from) != target)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(from, $"{target}.half", overwrite: true);
            File.Move($"{target}.half", target, overwrite: true);
        }

        return path;
    }

    private static void MakeLink(string root, string release)
    {
        var link = Path.Combine(root, Link);
        File.Delete(link);
        File.CreateSymbolicLink(link, Path.Combine(release, "bin", "istioctl"));
    }
}
