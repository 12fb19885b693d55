namespace MeshWorkflow.MeshPackage;

/// <summary>Where the mesh package comes from and where it is kept. Section <c>MeshPackage</c>.</summary>
public sealed class PackageOptions
{
    /// <summary>
    /// The release archive: an address, an archive or a folder; <c>{release}</c> stands for the version. Default: Google's.
    /// </summary>
    public string Release { get; set; } = "https://storage.googleapis.com/gke-release/asm/istio-{release}-linux-amd64.tar.gz";

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

    internal string LockPath => LockFile ?? Path.Combine(Cache, "package.lock");
}
