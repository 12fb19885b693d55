using MeshWorkflow.GoogleCloud;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Clusters;

namespace MeshWorkflow.ControlPlane.Clusters;

/// <summary>From the contract's names to Google's.</summary>
internal static class ClusterNames
{
    public static ClusterName ToName(this GkeCluster cluster) => new(cluster.Project, cluster.Location, cluster.Name);

    public static ClusterTarget ToTarget(this GkeCluster cluster) => new(cluster.ToName(), cluster.Access);

    public static bool IsElsewhere(this GkeCluster cluster) => cluster.Access?.Platform is Platform.Multicloud;
}
