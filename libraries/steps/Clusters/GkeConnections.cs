using System.Text;
using MeshWorkflow.GoogleCloud.Container;
using MeshWorkflow.GoogleCloud.Credentials;
using MeshWorkflow.KubernetesApi;
using MeshWorkflow.KubernetesApi.Kubeconfigs;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Steps.Clusters;

/// <summary>Reads clusters and connects to them: by what GKE says, through Connect Gateway, or by a kubeconfig.</summary>
/// <param name="container">GKE.</param>
/// <param name="gateway">The way through Google.</param>
/// <param name="kubeconfigs">The kubeconfigs on this machine.</param>
/// <param name="connections">The connections that are kept.</param>
/// <param name="credentials">The services' own identity.</param>
public sealed class GkeConnections(
    ContainerApi container, GatewayAddresses gateway, KubeconfigFiles kubeconfigs, ClusterConnections connections, GoogleCredentials credentials)
{
    /// <summary>Reads a cluster. One that is not on Google Cloud has nothing to read: it counts as running.</summary>
    /// <param name="target">Which one.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The cluster.</returns>
    public Task<Cluster> GetAsync(ClusterTarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target.IsElsewhere
            ? Task.FromResult(new Cluster { Name = target.Name.Name, Location = target.Name.Location, Status = "RUNNING" })
            : container.GetClusterAsync(target.Name, cancellationToken);
    }

    /// <summary>Connects to a cluster; reads it first, where that tells the way.</summary>
    /// <param name="target">Which one.</param>
    /// <param name="cancellationToken">Stops the calls.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="MeshException">There is no way.</exception>
    /// <exception cref="KubeconfigException">Its kubeconfig can't be used.</exception>
    public Task<ClusterConnection> ConnectAsync(ClusterTarget target, CancellationToken cancellationToken) =>
        ConnectAsync(target, read: null, cancellationToken);

    /// <summary>Connects to a cluster that was read. Nothing is sent to it yet.</summary>
    /// <param name="target">Which one.</param>
    /// <param name="read">What was read of it; absent: nothing.</param>
    /// <param name="cancellationToken">Stops the calls.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="MeshException">There is no way.</exception>
    /// <exception cref="KubeconfigException">Its kubeconfig can't be used.</exception>
    public async Task<ClusterConnection> ConnectAsync(ClusterTarget target, Cluster? read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        var proxy = target.Access?.HttpsProxy is { Length: > 0 } named ? new Uri(named) : null;
        if (target.Access is { Kubeconfig.Length: > 0 } access)
        {
            var kubeconfig = await kubeconfigs.ReadAsync(access.Kubeconfig, access.Context, cancellationToken);
            return connections.To(kubeconfig, proxy, credentials.GetTokenAsync);
        }

        var address = target.Access is { ConnectGateway: true } through
            ? new ClusterAddress(await gateway.OfAsync(through.FleetProject, target, cancellationToken), CertificateAuthority: null)
            : AddressOf(read ?? await GetAsync(target, cancellationToken));
        return connections.To(address with { Proxy = proxy }, credentials.GetTokenAsync);
    }

    private static ClusterAddress AddressOf(Cluster cluster) => cluster.Endpoint.Length == 0
        ? throw new MeshException(
            "CLUSTER_ENDPOINT_MISSING",
            $"Cluster '{cluster.Name}' has no API server endpoint (its status is {cluster.Status}).",
            "Wait until the cluster is running, then try again.")
        : new ClusterAddress(
            new Uri($"https://{cluster.Endpoint}"),
            cluster.MasterAuth?.ClusterCaCertificate is { Length: > 0 } encoded
                ? Encoding.ASCII.GetString(Convert.FromBase64String(encoded))
                : null);
}
