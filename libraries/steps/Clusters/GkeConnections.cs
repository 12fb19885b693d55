using System.Collections.Concurrent;
using System.Text;
using MeshWorkflow.GoogleCloud;
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
/// <param name="time">The clock.</param>
public sealed class GkeConnections(
    ContainerApi container,
    GatewayAddresses gateway,
    KubeconfigFiles kubeconfigs,
    ClusterConnections connections,
    GoogleCredentials credentials,
    TimeProvider time)
{
    // Where a cluster is hardly ever changes; one that has moved does not answer at the old place, and is read anew then.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<(ClusterName Cluster, Uri? Proxy), Known> _known = new();

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
            return connections.To(kubeconfig, proxy, Tokens);
        }

        if (target.Access is { ConnectGateway: true } through)
        {
            var address = new ClusterAddress(await gateway.OfAsync(through.FleetProject, target, cancellationToken), CertificateAuthority: null);
            return connections.To(address with { Proxy = proxy }, Tokens);
        }

        return await ConnectDirectlyAsync(target, read, proxy, cancellationToken);
    }

    // Read first, unless that was done a short while ago and the cluster has answered since.
    private async Task<ClusterConnection> ConnectDirectlyAsync(
        ClusterTarget target, Cluster? read, Uri? proxy, CancellationToken cancellationToken)
    {
        var (key, now) = ((target.Name, proxy), time.GetUtcNow());
        if (read is null && _known.TryGetValue(key, out var known) && known.Until > now && !known.Connection.IsInDoubt)
        {
            return known.Connection;
        }

        _known.TryRemove(key, out _);
        var address = AddressOf(read ?? await GetAsync(target, cancellationToken));
        var connection = connections.To(address with { Proxy = proxy }, Tokens);
        _known[key] = new Known(connection, now + Lifetime);
        return connection;
    }

    private ClusterTokens Tokens => new(credentials.GetTokenAsync, credentials.RenewTokenAsync);

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

    private sealed record Known(ClusterConnection Connection, DateTimeOffset Until);
}
