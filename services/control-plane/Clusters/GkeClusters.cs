using MeshWorkflow.GoogleCloud.Container;
using MeshWorkflow.KubernetesApi;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Steps.Clusters;
using MeshWorkflow.Steps.Failures;
using MeshWorkflow.Steps.Objects;

namespace MeshWorkflow.ControlPlane.Clusters;

/// <summary>Reads clusters of this service's specs and connects to them.</summary>
internal sealed class GkeClusters(GkeConnections connections)
{
    /// <summary>Reads a cluster; one that is not on Google Cloud has nothing to read.</summary>
    public Task<Cluster> GetAsync(GkeCluster cluster, CancellationToken cancellationToken) =>
        connections.GetAsync(cluster.ToTarget(), cancellationToken);

    /// <exception cref="MeshException">There is no way to the cluster.</exception>
    public Task<ClusterConnection> ConnectAsync(GkeCluster cluster, CancellationToken cancellationToken) =>
        connections.ConnectAsync(cluster.ToTarget(), cancellationToken);

    /// <exception cref="MeshException">There is no way to the cluster.</exception>
    public Task<ClusterConnection> ConnectAsync(GkeCluster cluster, Cluster read, CancellationToken cancellationToken) =>
        connections.ConnectAsync(cluster.ToTarget(), read, cancellationToken);

    public async Task<ObjectPlace> PlaceAsync(GkeCluster cluster, CancellationToken cancellationToken) =>
        PlaceOf(cluster, await ConnectAsync(cluster, cancellationToken));

    public async Task<ObjectPlace> PlaceAsync(GkeCluster cluster, Cluster read, CancellationToken cancellationToken) =>
        PlaceOf(cluster, await ConnectAsync(cluster, read, cancellationToken));

    /// <summary>The network that a cluster is on, where the request does not say.</summary>
    public static string NetworkOf(GkeCluster cluster, Cluster read, string wanted) => wanted.Length > 0
        ? wanted
        : cluster.IsElsewhere() ? "default" : $"{cluster.Project}-{read.Network}";

    private static ObjectPlace PlaceOf(GkeCluster cluster, ClusterConnection connection) =>
        new(new ObjectClient(connection), cluster.ToTarget().ResourceName);
}
