using MeshWorkflow.GoogleCloud;
using MeshWorkflow.Protos.ControlPlane.V1;

namespace MeshWorkflow.ControlPlane.Clusters;

/// <summary>From the contract's names to Google's.</summary>
internal static class ClusterNames
{
    public static ClusterName ToName(this GkeCluster cluster) => new(cluster.Project, cluster.Location, cluster.Name);
}
