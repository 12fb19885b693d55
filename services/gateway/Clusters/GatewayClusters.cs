using MeshWorkflow.GoogleCloud;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Protos.Gateway.V1;
using MeshWorkflow.Steps.Clusters;
using MeshWorkflow.Steps.Objects;

namespace MeshWorkflow.Gateway.Clusters;

/// <summary>The clusters of this service's specs.</summary>
internal sealed class GatewayClusters(GkeConnections connections)
{
    public async Task<ObjectPlace> PlaceAsync(GkeCluster cluster, CancellationToken cancellationToken)
    {
        var name = new ClusterName(cluster.Project, cluster.Location, cluster.Name);
        return new ObjectPlace(new ObjectClient(await connections.ConnectAsync(name, cancellationToken)), name.ResourceName);
    }
}
