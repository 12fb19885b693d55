namespace MeshWorkflow.MeshPackage;

/// <summary>Where the mesh package comes from and where it is kept. Section <c>MeshPackage</c>.</summary>
public sealed class PackageOptions
{
    /// <summary>
    /// The release archive: an address, an archive or a folder; <c>{release}</c> stands for the version, <c>{platform}</c> for
    /// what it runs on. Default: Google's.
    /// </summary>
    public string Release { get; set; } = "https://storage.googleapis.com/gke-release/asm/istio-{release}-{platform}.tar.gz";

    /// <summary>
    /// The configuration archive (operator, options, sample gateways): an address, an archive or a folder; <c>{version}</c> stands
    /// for the version with its <c>+configN</c>. Default: Google's.
    /// </summary>
    public string Configuration { get; set; } =
        "https://github.com/GoogleCloudPlatform/anthos-service-mesh-packages/archive/refs/tags/{version}.tar.gz";

    /// <summary>The folder that downloads are kept in. Default: <c>meshworkflow/packages</c> in the user's local data.</summary>
    public string Cache { get; set; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "meshworkflow",
        "packages");

    /// <summary>The file that says which digest each archive must have. Default: <c>package.lock</c> in <see cref="Cache"/>.</summary>
    public string? LockFile { get; set; }

    /// <summary>How long a call waits for a download before it answers that it is under way. Default: 15 s; at most 25 s.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a download may stand still before it counts as broken off. Default: 60 s.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How large an archive may be, in bytes. Default: 512 MiB.</summary>
    public long LargestArchive { get; set; } = 512L << 20;

    /// <summary>How large its contents may be, in bytes. Default: 2 GiB.</summary>
    public long LargestContents { get; set; } = 2L << 30;

    /// <summary>How many files, folders and links may be in an archive. Default: 50,000.</summary>
    public int MostEntries { get; set; } = 50_000;

    internal string LockPath => LockFile ?? Path.Combine(Cache, "package.lock");
}
