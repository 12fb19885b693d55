using MeshWorkflow.GoogleCloud.Container;
using MeshWorkflow.KubernetesApi;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Steps.Clusters;
using MeshWorkflow.Steps.Failures;
using MeshWorkflow.Steps.Objects;

namespace MeshWorkflow.ControlPlane.Clusters;

/// <summary>Reads GKE clusters of this service's specs and connects to them.</summary>
internal sealed class GkeClusters(GkeConnections connections)
{
    public Task<Cluster> GetAsync(GkeCluster cluster, CancellationToken cancellationToken) =>
        connections.GetAsync(cluster.ToName(), cancellationToken);

    /// <exception cref="MeshException">The cluster has no endpoint.</exception>
    public Task<ClusterConnection> ConnectAsync(GkeCluster cluster, CancellationToken cancellationToken) =>
        connections.ConnectAsync(cluster.ToName(), cancellationToken);

    /// <exception cref="MeshException">The cluster has no endpoint.</exception>
    public ClusterConnection Connect(Cluster cluster) => connections.Connect(cluster);

    public async Task<ObjectPlace> PlaceAsync(GkeCluster cluster, CancellationToken cancellationToken) =>
        new(new ObjectClient(await ConnectAsync(cluster, cancellationToken)), cluster.ToName().ResourceName);

    public ObjectPlace PlaceOf(GkeCluster cluster, Cluster found) => new(new ObjectClient(Connect(found)), cluster.ToName().ResourceName);
}
