using MeshWorkflow.MeshPackage.Archives;
using MeshWorkflow.MeshPackage.Contents;
using MeshWorkflow.Steps.Failures;
using Microsoft.Extensions.Options;

namespace MeshWorkflow.MeshPackage;

/// <summary>Gets mesh packages: downloads them once, checks them, and keeps them.</summary>
/// <param name="archives">The archives.</param>
/// <param name="options">Where they come from.</param>
public sealed class MeshPackages(ArchiveStore archives, IOptions<PackageOptions> options)
{
    /// <summary>Gets a package.</summary>
    /// <param name="request">Which one.</param>
    /// <param name="cancellationToken">Stops the wait; a download goes on.</param>
    /// <returns>The package, complete and checked.</returns>
    /// <exception cref="WaitException">It is being downloaded.</exception>
    /// <exception cref="MeshException">It can't be used: <c>PACKAGE_…</c>.</exception>
    public async Task<Package> GetAsync(PackageRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var platform = request.Platform ?? PackagePlatform.Here;
        var release = await archives.GetAsync(
            Address(request.Release, options.Value.Release, request.Version, platform), request.ReleaseDigest, request.KeepsArchives, cancellationToken);
        var configuration = await archives.GetAsync(
            Address(request.Configuration, options.Value.Configuration, request.Version, platform),
            request.ConfigurationDigest,
            request.KeepsArchives,
            cancellationToken);
        var package = Package.Open(request.Version, release, configuration);
        PackagePlatform.Check(package, platform);
        return package;
    }

    private static string Address(string? wanted, string setting, MeshVersion version, string platform) =>
        wanted is { Length: > 0 }
            ? wanted
            : setting.Replace("{release}", version.Release, StringComparison.Ordinal)
                .Replace("{platform}", platform, StringComparison.Ordinal)
                .Replace("{version}", Uri.EscapeDataString(version.Configuration), StringComparison.Ordinal);
}
