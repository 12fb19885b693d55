namespace MeshWorkflow.MeshPackage;

/// <summary>Which package is wanted.</summary>
/// <param name="Version">The version.</param>
/// <param name="Release">Where the release is, if not where the settings say.</param>
/// <param name="Configuration">Where the configuration is, if not where the settings say.</param>
/// <param name="ReleaseDigest">The release's SHA-256; null: as the lock file has it.</param>
/// <param name="ConfigurationDigest">The configuration's SHA-256; null: as the lock file has it.</param>
/// <param name="Platform">What its istioctl must run on; null: this machine. See <see cref="PackagePlatform"/>.</param>
/// <param name="KeepsArchives">Whether the archives themselves are wanted, too.</param>
public sealed record PackageRequest(
    MeshVersion Version,
    string? Release = null,
    string? Configuration = null,
    string? ReleaseDigest = null,
    string? ConfigurationDigest = null,
    string? Platform = null,
    bool KeepsArchives = false);
