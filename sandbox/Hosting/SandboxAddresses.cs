using MeshWorkflow.Sandbox.Packages;

namespace MeshWorkflow.Sandbox.Hosting;

/// <summary>Where a running sandbox is.</summary>
/// <param name="Google">All of Google's APIs, each below its short name.</param>
/// <param name="Admin">The admin endpoint.</param>
/// <param name="AdminTokenFile">The file with the admin endpoint's token.</param>
/// <param name="CredentialsFile">The key of the world's service account, as Google's libraries read it.</param>
/// <param name="Clusters">The API servers.</param>
public sealed record SandboxAddresses(
    Uri Google, Uri Admin, string AdminTokenFile, string CredentialsFile, IReadOnlyList<ClusterServer> Clusters)
{
    /// <summary>The kubeconfig with a context for every cluster, and an administrator's certificate in each.</summary>
    public string KubeconfigFile { get; init; } = "";

    /// <summary>Settings with which the product works on the sandbox: <c>meshwf up --config FILE</c>.</summary>
    public string SettingsFile { get; init; } = "";

    /// <summary>The release archive of the stand-in mesh package.</summary>
    public Uri PackageRelease => new(Google, PackageDownloads.ReleasePath);

    /// <summary>The configuration archive of the stand-in mesh package.</summary>
    public Uri PackageConfiguration => new(Google, PackageDownloads.ConfigurationPath);
}

/// <summary>The API server of a cluster.</summary>
/// <param name="Cluster"><c>projects/P/locations/L/clusters/C</c>.</param>
/// <param name="Server">Its address.</param>
public sealed record ClusterServer(string Cluster, Uri Server);
