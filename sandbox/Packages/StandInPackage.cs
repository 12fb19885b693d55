using System.Formats.Tar;
using System.IO.Compression;
using System.Reflection;
using System.Text;

namespace MeshWorkflow.Sandbox.Packages;

/// <summary>
/// The mesh package that stands in for Google's: two archives of the same layout. What its <c>istioctl</c> is, its <c>version</c>
/// says.
/// </summary>
public static class StandInPackage
{
    /// <summary>The release that it stands in for.</summary>
    public const string Release = "1.23.3-asm.2";

    /// <summary>The configuration that it stands in for.</summary>
    public const string Configuration = "1.23.3-asm.2+config1";

    private const string Program = "MeshWorkflow.Sandbox.Istioctl";
    private const UnixFileMode Plain = (UnixFileMode)0b110_100_100;
    private const UnixFileMode Executable = (UnixFileMode)0b111_101_101;

    private const string Launcher = """
        #!/bin/sh
        # A stand-in for istioctl that the MeshWorkflow sandbox serves; it needs .NET.
        here=$(dirname -- "$(readlink -f -- "$0")")
        exec "${DOTNET_HOST_PATH:-dotnet}" "$here/../lib/MeshWorkflow.Sandbox.Istioctl.dll" "$@"

        """;

    private static readonly string[] ProgramFiles = [$"{Program}.dll", $"{Program}.runtimeconfig.json", $"{Program}.deps.json", "YamlDotNet.dll"];

    private static readonly Lazy<byte[]> ReleaseArchive = new(() => Pack($"istio-{Release}", ReleaseFiles()));

    private static readonly Lazy<byte[]> ConfigurationArchive =
        new(() => Pack($"anthos-service-mesh-packages-{Configuration.Replace('+', '-')}", Embedded("package/")));

    /// <summary>The release archive: <c>bin</c>, <c>manifests</c>, <c>samples</c>.</summary>
    public static ReadOnlyMemory<byte> ReleaseContent => ReleaseArchive.Value;

    /// <summary>The configuration archive: <c>asm</c>, <c>samples</c>.</summary>
    public static ReadOnlyMemory<byte> ConfigurationContent => ConfigurationArchive.Value;

    private static IEnumerable<(string Name, byte[] Content)> ReleaseFiles() =>
    [
        ("bin/istioctl", Encoding.ASCII.GetBytes(Launcher)),
        .. ProgramFiles.Select(file => ($"lib/{file}", File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, file)))),
        ("manifest.yaml", Encoding.ASCII.GetBytes($"version: {Release}\norigin: MeshWorkflow sandbox, a stand-in\n")),
        ("samples/README.md", "# Samples\n\nThe sandbox's package has the sample gateways only.\n"u8.ToArray()),
        .. Embedded("package/", "samples/"),
        .. Embedded("release/"),
    ];

    private static IEnumerable<(string Name, byte[] Content)> Embedded(string root, string folder = "")
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(root + folder, StringComparison.Ordinal)).Order())
        {
            using var content = new MemoryStream();
            using var resource = assembly.GetManifestResourceStream(name)!;
            resource.CopyTo(content);
            yield return (name[root.Length..], content.ToArray());
        }
    }

    // The same bytes every time: its digest is what a lock file keeps.
    private static byte[] Pack(string root, IEnumerable<(string Name, byte[] Content)> files)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        using (var tar = new TarWriter(gzip, TarEntryFormat.Ustar))
        {
            foreach (var (name, content) in files)
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"{root}/{name}")
                {
                    DataStream = new MemoryStream(content),
                    ModificationTime = DateTimeOffset.UnixEpoch,
                    Mode = name.StartsWith("bin/", StringComparison.Ordinal) ? Executable : Plain,
                });
            }
        }

        return packed.ToArray();
    }
}
