using MeshWorkflow.ControlPlane;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Services.Preflight;

/// <summary>Preflight of a cluster of <see cref="SharedWorld"/>.</summary>
internal static class PreflightUnderTest
{
    public static readonly string[] AllSteps =
        ["roles", "apis", "workload-identity", "logging-monitoring", "fleet-membership", "mesh-id", "cluster-admin-binding", "webhook-firewall", "mesh-namespace"];

    public static Task<ServiceUnderTest> StartAsync(params WorldCluster[] clusters) => ServiceUnderTest.StartAsync(
        ControlPlaneApp.AppId, ControlPlaneApp.Build, SharedWorld.Make(["roles/owner", "roles/gkehub.gatewayAdmin"], clusters), ControlPlaneReflection.Descriptor);

    public static GkeCluster Cluster(ClusterAccess? access = null, string name = "mesh-a") =>
        new() { Project = SharedWorld.Apps, Location = "us-central1", Name = name, Access = access };

    public static async Task<Preflighted> CheckAsync(
        this ServiceUnderTest service, GkeCluster? cluster = null, IEnumerable<string>? ahead = null, params ProjectRoles[] roles) =>
        await service.CheckApisAsync([], cluster, ahead, roles);

    public static Task<Preflighted> CheckApisAsync(
        this ServiceUnderTest service, IEnumerable<ProjectApis> apis, GkeCluster? cluster = null, IEnumerable<string>? ahead = null, params ProjectRoles[] roles) =>
        service.CheckAsync(new PreflightFacts { Roles = { roles }, Apis = { apis }, Ahead = { ahead ?? AllSteps } }, cluster);

    /// <summary>Checks by facts without a fleet and a mesh: they are those of <see cref="SharedWorld"/>.</summary>
    public static async Task<Preflighted> CheckAsync(this ServiceUnderTest service, PreflightFacts facts, GkeCluster? cluster = null)
    {
        cluster ??= Cluster();
        var request = new PreflightRequest
        {
            Call = new Call { Rollout = "test", Generation = 1, Scope = $"cluster/{cluster.Project}/{cluster.Location}/{cluster.Name}", Step = "preflight", Attempt = 1 },
            Cluster = cluster,
            Facts = new PreflightFacts(facts) { FleetProject = SharedWorld.Fleet, Revision = "asm-1233-2", MeshNamespace = "istio-system" },
        };
        var reply = await service.CallAsync<PreflightRequest, PreflightReply>("meshworkflow.controlplane.v1.Preflight", "Check", request);
        Assert.True(reply.OutcomeCase is PreflightReply.OutcomeOneofCase.Checked, reply.ToString());
        return reply.Checked;
    }

    public static PreflightCheck Single(this Preflighted checks, string code, Verdict verdict) =>
        checks.Checks.Single(check => check.Code == code && check.Verdict == verdict);
}
