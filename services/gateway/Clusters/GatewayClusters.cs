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
        var target = new ClusterTarget(new ClusterName(cluster.Project, cluster.Location, cluster.Name), cluster.Access);
        return new ObjectPlace(new ObjectClient(await connections.ConnectAsync(target, cancellationToken)), target.ResourceName);
    }
}
