using System.Formats.Tar;
using System.IO.Compression;

namespace MeshWorkflow.MeshPackage.Contents;

/// <summary>Packs a folder with a package into one file, to be carried to where nothing can be downloaded.</summary>
public static class PackageArchive
{
    // Nobody but its owner may change what is unpacked.
    private const UnixFileMode Modes = (UnixFileMode)0b111_101_101;

    /// <summary>Packs a package; of two equal ones the same bytes come out.</summary>
    /// <param name="folder">The folder that <see cref="PackageOutput"/> wrote.</param>
    /// <param name="file">The archive (tar.gz); replaced if it is there.</param>
    public static void Pack(string folder, string file)
    {
        var manifest = PackageManifest.Read(folder) ?? throw new InvalidOperationException($"'{folder}' has no {PackageManifest.FileName}.");
        var half = $"{file}.half";
        using (var packed = File.Create(half))
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        using (var tar = new TarWriter(gzip, TarEntryFormat.Pax))
        {
            string[] beside = [PackageManifest.FileName, PackageOutput.VersionFile, PackageOutput.Link];
            foreach (var name in manifest.Files.Select(one => one.Path).Concat(beside))
            {
                Write(tar, folder, name);
            }
        }

        File.Move(half, file, overwrite: true);
    }

    private static void Write(TarWriter tar, string folder, string name)
    {
        var file = new FileInfo(Path.Combine(folder, name.Replace('/', Path.DirectorySeparatorChar)));
        if (file.LinkTarget is { } target)
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = target, ModificationTime = DateTimeOffset.UnixEpoch });
            return;
        }

        using var content = file.OpenRead();
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name)
        {
            DataStream = content,
            ModificationTime = DateTimeOffset.UnixEpoch,
            Mode = OperatingSystem.IsWindows() ? Modes : file.UnixFileMode & Modes,
        });
    }
}
