using System.Collections.Concurrent;
using System.Text;
using MeshWorkflow.GoogleCloud;
using MeshWorkflow.GoogleCloud.Container;
using MeshWorkflow.GoogleCloud.Credentials;
using MeshWorkflow.KubernetesApi;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Steps.Clusters;

/// <summary>Reads GKE clusters and connects to them.</summary>
/// <param name="container">GKE.</param>
/// <param name="connections">The connections that are kept.</param>
/// <param name="credentials">The services' own identity.</param>
/// <param name="time">The clock.</param>
public sealed class GkeConnections(
    ContainerApi container, ClusterConnections connections, GoogleCredentials credentials, TimeProvider time)
{
    // Where a cluster is hardly ever changes; one that has moved does not answer at the old place, and is read anew then.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<ClusterName, Known> _known = new();

    /// <summary>Reads a cluster.</summary>
    /// <param name="cluster">Which one.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The cluster.</returns>
    public Task<Cluster> GetAsync(ClusterName cluster, CancellationToken cancellationToken) =>
        container.GetClusterAsync(cluster, cancellationToken);

    /// <summary>Connects to a cluster. It is read first, unless that was done a short while ago and it has answered since.</summary>
    /// <param name="cluster">Which one.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="MeshException">The cluster has no endpoint.</exception>
    public async Task<ClusterConnection> ConnectAsync(ClusterName cluster, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_known.TryGetValue(cluster, out var known) && known.Until > now && !known.Connection.IsInDoubt)
        {
            return known.Connection;
        }

        _known.TryRemove(cluster, out _);
        var connection = Connect(await GetAsync(cluster, cancellationToken));
        _known[cluster] = new Known(connection, now + Lifetime);
        return connection;
    }

    /// <summary>Connects to a cluster that was read. Nothing is sent yet.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="MeshException">The cluster has no endpoint.</exception>
    public ClusterConnection Connect(Cluster cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        if (cluster.Endpoint.Length == 0)
        {
            throw new MeshException(
                "CLUSTER_ENDPOINT_MISSING",
                $"Cluster '{cluster.Name}' has no API server endpoint (its status is {cluster.Status}).",
                "Wait until the cluster is running, then try again.");
        }

        var address = new ClusterAddress(
            new Uri($"https://{cluster.Endpoint}"),
            cluster.MasterAuth?.ClusterCaCertificate is { Length: > 0 } encoded
                ? Encoding.ASCII.GetString(Convert.FromBase64String(encoded))
                : null);
        return connections.To(address, credentials.GetTokenAsync);
    }

    private sealed record Known(ClusterConnection Connection, DateTimeOffset Until);
}
