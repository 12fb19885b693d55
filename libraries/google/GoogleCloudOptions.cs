namespace MeshWorkflow.GoogleCloud;

/// <summary>Where Google Cloud's APIs are and who calls them. Section <c>GoogleCloud</c>.</summary>
public sealed class GoogleCloudOptions
{
    /// <summary>
    /// A credentials file of any type that Application Default Credentials know. Default: none, and Application Default Credentials
    /// are looked up (<c>GOOGLE_APPLICATION_CREDENTIALS</c>, gcloud's own file, the metadata server).
    /// </summary>
    public string? CredentialsFile { get; set; }

    /// <summary>The folder that keys which requests name must lie in. Default: none, and any file that the service may read is read.</summary>
    public string? KeyFolder { get; set; }

    /// <summary>
    /// One address for all APIs, each below its short name: with <c>http://localhost:9000/</c> the fleet API is at
    /// <c>http://localhost:9000/gkehub/</c>. Default: none, and each API is at Google's own address.
    /// </summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>Addresses of single APIs by short name (<c>container</c>, <c>gkehub</c> …), before <see cref="BaseAddress"/>.</summary>
    public IDictionary<string, Uri> Endpoints { get; } = new Dictionary<string, Uri>(StringComparer.OrdinalIgnoreCase);
}
