using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Workflows.Requests;
using ControlPlaneCluster = MeshWorkflow.Protos.ControlPlane.V1.GkeCluster;
using GatewayCluster = MeshWorkflow.Protos.Gateway.V1.GkeCluster;

namespace MeshWorkflow.Workflows.Steps;

/// <summary>A request's clusters as services are told of them, with the way to each.</summary>
internal static class Targets
{
    public static ControlPlaneCluster TargetOf(this FleetInstallRequest request, StepScope scope) =>
        request.DetailOf(scope.Cluster).TargetIn(request.FleetProject);

    /// <summary>A cluster of a fleet.</summary>
    public static ControlPlaneCluster TargetIn(this ClusterDetail detail, string fleetProject) => new()
    {
        Project = detail.Cluster.Project,
        Location = detail.Cluster.Location,
        Name = detail.Cluster.Name,
        Access = detail.AccessIn(fleetProject),
    };

    public static GatewayCluster GatewayTargetOf(this FleetInstallRequest request, StepScope scope) => new()
    {
        Project = scope.Cluster.Project,
        Location = scope.Cluster.Location,
        Name = scope.Cluster.Name,
        Access = request.AccessOf(scope),
    };

    public static bool IsElsewhere(this FleetInstallRequest request, StepScope scope) =>
        request.DetailOf(scope.Cluster).Platform is ClusterPlatform.Multicloud;

    /// <summary>The way to a cluster; null: what GKE says of it.</summary>
    public static ClusterAccess? AccessOf(this FleetInstallRequest request, StepScope scope) =>
        request.DetailOf(scope.Cluster).AccessIn(request.FleetProject);

    private static ClusterAccess? AccessIn(this ClusterDetail detail, string fleetProject) =>
        detail with { NetworkId = null } == new ClusterDetail(detail.Cluster) ? null : new ClusterAccess
        {
            Platform = detail.Platform is ClusterPlatform.Multicloud ? Platform.Multicloud : Platform.GoogleCloud,
            Kubeconfig = detail.Kubeconfig ?? "",
            Context = detail.Context ?? "",
            HttpsProxy = detail.HttpsProxy ?? "",
            ConnectGateway = detail.ThroughConnectGateway,
            FleetProject = fleetProject,
            Membership = detail.Membership ?? "",
            PrivateIssuer = detail.HasPrivateIssuer,
        };
}
