using MeshWorkflow.ControlPlane;
using MeshWorkflow.ControlPlane.Preflight;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Tests.Services.Preflight;

namespace MeshWorkflow.Tests.Services.ControlPlane;

public sealed class PreflightTests
{
    private static readonly WorldMembership Elsewhere = new(SharedWorld.Net, "mesh-b", "us-central1");

    [Fact]
    public async Task Check_CleanCluster_IsRefusedNowhere()
    {
        await using var service = await StartAsync(["roles/owner"]);

        var checks = await CheckAsync(service, PreflightUnderTest.AllSteps);

        Assert.DoesNotContain(checks.Checks, check => check.Verdict is Verdict.Refuse or Verdict.Unknown);
        Assert.Contains(checks.Checks, check => check is { Code: "ONE_FLEET", Verdict: Verdict.Pass });
        Assert.Contains(checks.Checks, check => check is { Code: "API_SERVER_REACHABLE", Verdict: Verdict.Pass });
        Assert.Contains(checks.Checks, check => check is { Code: "IN_CLUSTER_DEPRECATED", Verdict: Verdict.Notice, Link.Length: > 0 });
        Assert.Equal(SharedWorld.Net, checks.Cluster.NetworkProject);
    }

    [Fact]
    public async Task Check_NothingOnRequest_RefusesWhatIsMissingWithItsFlag()
    {
        await using var service = await StartAsync(["roles/owner"], SharedWorld.Cluster("mesh-a") with { WorkloadIdentity = false });

        var checks = await CheckAsync(service, []);

        Assert.Contains("--enable_registration", Refusal(checks, "CLUSTER_NOT_REGISTERED").Remedy, StringComparison.Ordinal);
        Assert.Contains("--enable_cluster_labels", Refusal(checks, "MESH_ID_MISSING").Remedy, StringComparison.Ordinal);
        Assert.Contains("--enable_gcp_components", Refusal(checks, "WORKLOAD_IDENTITY_OFF").Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_Autopilot_IsRefusedByName()
    {
        await using var service = await StartAsync(["roles/owner"], SharedWorld.Cluster("mesh-a") with { Autopilot = true });

        var refusal = Refusal(await CheckAsync(service, PreflightUnderTest.AllSteps), "AUTOPILOT_CLUSTER");

        Assert.Contains("mesh-a", refusal.Message, StringComparison.Ordinal);
        Assert.NotEmpty(refusal.Link);
    }

    [Fact]
    public async Task Check_OtherClusterInOtherFleet_OffenderIsNamed()
    {
        await using var service = await StartAsync(
            ["roles/owner"], SharedWorld.Cluster("mesh-a"), SharedWorld.Cluster("mesh-b") with { Membership = Elsewhere });

        var refusal = Refusal(await CheckAsync(service, PreflightUnderTest.AllSteps), "OTHER_FLEET");

        Assert.Contains("us-central1/mesh-b", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("mesh-a (", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_ZoneThatDoesNotAnswer_IsUnknownNotAbsent()
    {
        await using var service = await StartAsync(
            ["roles/owner"], SharedWorld.Cluster("mesh-a"), SharedWorld.Cluster("mesh-b") with { Quirks = [WorldQuirks.MissingZone] });

        var check = (await CheckAsync(service, PreflightUnderTest.AllSteps)).Checks.Single(check => check.Code == "ONE_FLEET");

        Assert.Equal(Verdict.Unknown, check.Verdict);
    }

    [Fact]
    public async Task Check_RolesMissing_AreRefusedByProjectAndRoleOrUnknownUntilGranted()
    {
        await using var service = await StartAsync(SharedWorld.Looking);

        var refusal = Refusal(await CheckAsync(service, []), "ROLES_MISSING");
        var unknown = (await CheckAsync(service, PreflightUnderTest.AllSteps)).Checks.Single(check => check.Code == "ROLES_MISSING");

        Assert.Contains(SharedWorld.Apps, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("roles/container.admin", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("roles", unknown.UnknownUntil);
    }

    [Fact]
    public async Task Check_PrivateNodes_FirewallPermissionsOfTheNetworkProjectAreNeeded()
    {
        await using var service = await StartAsync(
            [.. SharedWorld.Looking, "roles/container.admin"], SharedWorld.Cluster("mesh-a") with { MasterRange = "172.16.0.0/28" });

        var checks = await CheckAsync(service, ["webhook-firewall"]);

        Assert.Contains("compute.firewalls.create", Refusal(checks, "ROLES_MISSING").Message, StringComparison.Ordinal);
        Assert.True(checks.Cluster.PrivateNodes);
    }

    [Theory]
    [InlineData("1.22.9-gke.100", "Refuse")]
    [InlineData("1.28.9-gke.100", "Pass")]
    [InlineData("1.34.1-gke.100", "Notice")]
    public async Task Check_KubernetesVersion_IsJudged(string version, string verdict)
    {
        await using var service = await StartAsync(["roles/owner"], SharedWorld.Cluster("mesh-a") with { Version = version });

        var check = (await CheckAsync(service, PreflightUnderTest.AllSteps)).Checks.Single(check => check.Code.StartsWith("KUBERNETES_", StringComparison.Ordinal));

        Assert.Equal(verdict, check.Verdict.ToString());
    }

    [Fact]
    public async Task Check_FleetApiOff_IsUnknownUntilApis()
    {
        await using var service = await StartAsync(["roles/owner"]);
        service.Sandbox.Order(new FaultSpec { Match = new CallMatch { Api = "gkehub" }, Reason = "SERVICE_DISABLED" });

        var unknown = (await CheckAsync(service, PreflightUnderTest.AllSteps)).Checks.Single(check => check.Code == "FLEET_UNKNOWN");

        Assert.Equal("apis", unknown.UnknownUntil);
        Assert.Contains((await CheckAsync(service, [])).Checks, check => check is { Code: "API_DISABLED", Verdict: Verdict.Refuse });
    }

    [Fact]
    public async Task Check_ManyClustersOfOneProject_ReadsTheirFleetOnce()
    {
        await using var service = await StartAsync(["roles/owner"], SharedWorld.Cluster("mesh-a"), SharedWorld.Cluster("mesh-b"));

        await Task.WhenAll(CheckAsync(service, PreflightUnderTest.AllSteps), CheckAsync(service, PreflightUnderTest.AllSteps, "mesh-b"));

        Assert.Equal(1, service.Calls("container", "clusters.list"));
        Assert.Equal(2, service.Calls("gkehub", "memberships.list"));
    }

    [Fact]
    public async Task Check_NoSuchCluster_IsRefused()
    {
        await using var service = await StartAsync(["roles/owner"]);

        Assert.Equal("CLUSTER_NOT_FOUND", (await CheckAsync(service, PreflightUnderTest.AllSteps, "gone")).Checks.Single().Code);
    }

    [Theory]
    [InlineData("e2-standard-4", 4)]
    [InlineData("n2-custom-6-20480", 6)]
    [InlineData("custom-8-16384-ext", 8)]
    [InlineData("a2-highgpu-1g", 1)]
    [InlineData("e2-medium", 2)]
    [InlineData("odd", null)]
    public void Cpus_MachineType_AreReadFromItsName(string type, int? cpus) => Assert.Equal(cpus, MachineTypes.Cpus(type));

    private static PreflightCheck Refusal(Preflighted checks, string code) =>
        checks.Checks.Single(check => check.Code == code && check.Verdict is Verdict.Refuse);

    private static Task<ServiceUnderTest> StartAsync(IReadOnlyList<string> roles, params WorldCluster[] clusters)
    {
        var world = SharedWorld.Make(roles, clusters);
        return ServiceUnderTest.StartAsync(ControlPlaneApp.AppId, ControlPlaneApp.Build, world, ControlPlaneReflection.Descriptor);
    }

    private static Task<Preflighted> CheckAsync(ServiceUnderTest service, IEnumerable<string> ahead, string cluster = "mesh-a") => service.CheckAsync(
        PreflightUnderTest.Cluster(name: cluster), ahead, new ProjectRoles { Project = SharedWorld.Apps, Roles = { "roles/container.admin" } });
}
