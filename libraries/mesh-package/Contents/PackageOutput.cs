namespace MeshWorkflow.MeshPackage.Contents;

/// <summary>Keeps a package for people: istioctl, samples and manifests in a folder of theirs (<c>--output_dir</c>).</summary>
public static class PackageOutput
{
    internal const string VersionFile = ".asm_version";
    internal const string Link = "istioctl";

    private static readonly string[] Parts = ["asm", "samples"];

    /// <summary>Copies a package into a folder; what lies there of the same name is replaced. Done twice, the same lies there.</summary>
    /// <param name="package">The package.</param>
    /// <param name="folder">The folder; made where it is missing. A relative path counts from the current folder.</param>
    public static void Write(Package package, string folder)
    {
        ArgumentNullException.ThrowIfNull(package);
        var root = Directory.CreateDirectory(Path.GetFullPath(folder)).FullName;
        var release = $"istio-{package.Version.Release}";
        Copy(package.Release, Path.Combine(root, release));
        var parts = Parts.Where(name => Directory.Exists(Path.Combine(package.Configuration, name))).ToList();
        foreach (var name in parts)
        {
            Copy(Path.Combine(package.Configuration, name), Path.Combine(root, name));
        }

        var link = Path.Combine(root, Link);
        File.Delete(link);
        File.CreateSymbolicLink(link, Path.Combine(release, "bin", "istioctl"));
        File.WriteAllText(Path.Combine(root, VersionFile), $"{package.Version.Configuration}\n");
        PackageManifest.Write(package, root, [release, .. parts]);
    }

    /// <summary>Keeps what a revision was rendered from, and what came of it, under asmcli's names.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="revision">The revision.</param>
    /// <param name="operatorText">The effective operator, YAML.</param>
    /// <param name="manifests">The manifests, YAML.</param>
    public static void WriteManifests(string folder, string revision, string operatorText, string manifests)
    {
        var root = Path.GetFullPath(folder);
        File.WriteAllText(Path.Combine(root, $"{revision}-manifest-raw.yaml"), operatorText);
        File.WriteAllText(Path.Combine(root, $"{revision}-manifest-expanded.yaml"), manifests);
    }

    private static void Copy(string from, string to)
    {
        if (Path.GetFullPath(from) == Path.GetFullPath(to))
        {
            return;
        }

        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
