using MeshWorkflow.ControlPlane;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Services.Platforms;

/// <summary>A cluster that is not on Google Cloud, and the service that works on it by its kubeconfig.</summary>
internal static class ClusterElsewhere
{
    public const string Name = "onprem-1";
    public const string Fleet = "demo-fleet";
    public const string Scope = $"cluster/{Fleet}/global/{Name}";
    public const string Membership = $"//gkehub.googleapis.com/projects/{Fleet}/locations/global/memberships/{Name}";

    /// <summary>The demo's world with a cluster somewhere else.</summary>
    public static World World(string? issuer = null) => Sandbox.Worlds.World.Demo with
    {
        Clusters = [.. Sandbox.Worlds.World.Demo.Clusters, new WorldCluster(Fleet, "elsewhere", Name, "default") { IsElsewhere = true, IssuerElsewhere = issuer }],
    };

    public static Task<ServiceUnderTest> StartAsync(string? issuer = null) =>
        ServiceUnderTest.StartAsync(ControlPlaneApp.AppId, ControlPlaneApp.Build, World(issuer), ControlPlaneReflection.Descriptor);

    public static GkeCluster Target(ServiceUnderTest service, string? kubeconfig = null, string context = Name, bool isPrivate = false, string fleet = Fleet) => new()
    {
        Project = fleet,
        Location = "global",
        Name = Name,
        Access = new ClusterAccess
        {
            Platform = Platform.Multicloud,
            Kubeconfig = kubeconfig ?? service.Sandbox.Addresses.KubeconfigFile,
            Context = context,
            FleetProject = fleet,
            PrivateIssuer = isPrivate,
        },
    };
}
