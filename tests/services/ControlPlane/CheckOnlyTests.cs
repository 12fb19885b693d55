using Google.Protobuf;
using MeshWorkflow.ControlPlane;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Tests.Services.ControlPlane;

/// <summary>Steps that a request does not allow: what is there is fine, what is missing is refused with its flag.</summary>
public sealed class CheckOnlyTests
{
    private const string Scope = "cluster/demo-apps/us-central1/mesh-a";
    private static readonly GkeCluster Cluster = new() { Project = "demo-apps", Location = "us-central1", Name = "mesh-a" };

    [Theory]
    [InlineData("mesh-namespace", "MESH_NAMESPACE_MISSING", "--enable_namespace_creation")]
    [InlineData("fleet-membership", "CLUSTER_NOT_REGISTERED", "--enable_registration")]
    [InlineData("mesh-id", "MESH_ID_MISSING", "--enable_cluster_labels")]
    [InlineData("cluster-admin-binding", "MEMBER_ADMIN_MISSING", "--enable_cluster_roles")]
    public async Task Plan_Missing_IsRefusedWithTheFlagAndNothingIsWritten(string name, string reason, string flag)
    {
        await using var service = await StartAsync();

        var refused = (await service.Step(name, Scope, SpecOf(name)).TryPlanAsync()).Refused;

        Assert.Equal(reason, refused.Reason);
        Assert.Contains(flag, refused.Hint, StringComparison.Ordinal);
        Assert.DoesNotContain(service.Sandbox.Journal(), entry => entry.Effects.Count > 0);
    }

    [Fact]
    public async Task Plan_NamespaceWithoutItsNetwork_IsToldItsNetwork()
    {
        await using var service = await StartAsync();
        await service.Sandbox.ClusterAsync("mesh-a", HttpMethod.Post, "api/v1/namespaces", """{"metadata":{"name":"istio-system"}}""");

        var plan = await service.Step("mesh-namespace", Scope, SpecOf("mesh-namespace")).PlanAsync();

        Assert.Equal(ChangeAction.Update, Assert.Single(plan.Changes).Action);
    }

    [Fact]
    public async Task Plan_MemberWithARoleOfTheProject_NeedsNoBinding()
    {
        await using var service = await StartAsync();

        Assert.Empty((await service.Step("cluster-admin-binding", Scope, Admin("user:owner@example.com")).PlanAsync()).Changes);
    }

    private static Task<ServiceUnderTest> StartAsync() =>
        ServiceUnderTest.StartAsync(ControlPlaneApp.AppId, ControlPlaneApp.Build, world: null, ControlPlaneReflection.Descriptor);

    private static IMessage SpecOf(string name) => name switch
    {
        "mesh-namespace" => new MeshNamespaceSpec { Cluster = Cluster, Namespace = "istio-system", CheckOnly = true },
        "fleet-membership" => new FleetMembershipSpec { Cluster = Cluster, FleetProject = "demo-fleet", CheckOnly = true },
        "mesh-id" => new MeshIdSpec { Cluster = Cluster, FleetProject = "demo-fleet", CheckOnly = true },
        _ => Admin("user:ann@example.com"),
    };

    private static ClusterAdminBindingSpec Admin(string member) => new() { Cluster = Cluster, Member = member, CheckOnly = true };
}
