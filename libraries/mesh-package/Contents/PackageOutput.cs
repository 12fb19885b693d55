namespace MeshWorkflow.MeshPackage.Contents;

/// <summary>Keeps a package for people: istioctl, samples and manifests in a folder of theirs (<c>--output_dir</c>).</summary>
public static class PackageOutput
{
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
        foreach (var name in Parts.Where(name => Directory.Exists(Path.Combine(package.Configuration, name))))
        {
            Copy(Path.Combine(package.Configuration, name), Path.Combine(root, name));
        }

        var link = Path.Combine(root, "istioctl");
        File.Delete(link);
        File.CreateSymbolicLink(link, Path.Combine(release, "bin", "istioctl"));
        File.WriteAllText(Path.Combine(root, ".asm_version"), $"{package.Version.Configuration}\n");
    }

    /// <summary>Keeps the manifests that were rendered for a revision.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="revision">The revision.</param>
    /// <param name="manifests">The manifests, YAML.</param>
    public static void WriteManifests(string folder, string revision, string manifests) =>
        File.WriteAllText(Path.Combine(Path.GetFullPath(folder), $"{revision}-manifest-expanded.yaml"), manifests);

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
