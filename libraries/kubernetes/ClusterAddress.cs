namespace MeshWorkflow.KubernetesApi;

/// <summary>Where a cluster's API server is and how it is known to be the right one.</summary>
/// <param name="Server">Its address, https.</param>
/// <param name="CertificateAuthority">The certificate authority that its certificate must come from, PEM; absent: the machine's.</param>
public sealed record ClusterAddress(Uri Server, string? CertificateAuthority)
{
    /// <summary>The HTTPS proxy that leads there; absent: the machine's settings decide.</summary>
    public Uri? Proxy { get; init; }
}
