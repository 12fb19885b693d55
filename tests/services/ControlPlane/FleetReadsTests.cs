using MeshWorkflow.ControlPlane;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Tests.Services.ControlPlane;

/// <summary>What is read of Google for a whole fleet: once for many clusters, and never taken for true when it is not any more.</summary>
public sealed class FleetReadsTests
{
    private const string Scope = "cluster/demo-apps/us-central1/mesh-a";
    private const string ClusterLink = "//container.googleapis.com/projects/demo-apps/locations/us-central1/clusters/mesh-a";
    private const string Memberships = "gkehub/v1/projects/demo-fleet/locations/us-central1/memberships";

    private static readonly GkeCluster Cluster = new() { Project = "demo-apps", Location = "us-central1", Name = "mesh-a" };

    [Fact]
    public async Task Plan_RegisteredByAnotherSinceTheListWasRead_IsNotCreatedAgain()
    {
        await using var service = await StartAsync();
        var step = Membership(service);
        Assert.Equal(ChangeAction.Create, Assert.Single((await step.PlanAsync()).Changes).Action);
        await service.Sandbox.GoogleAsync(
            HttpMethod.Post, $"{Memberships}?membershipId=mesh-a", $$"""{ "endpoint": { "gkeCluster": { "resourceLink": "{{ClusterLink}}" } } }""");

        var reply = await step.TryPlanAsync();

        Assert.Null(reply.Refused);
        Assert.DoesNotContain(reply.Planned?.Changes ?? [], change => change.Action is ChangeAction.Create);
        Assert.Equal(2, Calls(service, "memberships.list"));
    }

    [Fact]
    public async Task Plan_UnregisteredByAnotherSinceTheListWasRead_IsCreatedAgain()
    {
        await using var service = await StartAsync();
        var step = Membership(service);
        await step.BringAboutAsync();
        await step.PlanAsync();
        await service.Sandbox.GoogleAsync(HttpMethod.Delete, $"{Memberships}/mesh-a");

        PlanReply reply;
        do
        {
            reply = await step.TryPlanAsync();
        }
        while (reply.Wait is not null);

        Assert.Equal(ChangeAction.Create, Assert.Single(reply.Planned.Changes).Action);
    }

    [Fact]
    public async Task Plan_ManyTimes_ListsTheFleetOnce()
    {
        await using var service = await StartAsync();
        var step = Membership(service);

        for (var times = 0; times < 5; times++)
        {
            await step.PlanAsync();
        }

        Assert.Equal(1, Calls(service, "memberships.list"));
    }

    [Fact]
    public async Task Apply_AndVerify_ReadWhereTheClusterIsOnce()
    {
        await using var service = await StartAsync();
        var step = service.Step("mesh-namespace", Scope, new MeshNamespaceSpec { Cluster = Cluster, Namespace = "istio-system" });
        await step.PlanAsync();
        var planned = Calls(service, "clusters.get");

        for (var times = 0; times < 3; times++)
        {
            await step.ApplyAsync();
            await step.VerifyAsync(Side.After);
        }

        Assert.Equal(planned, Calls(service, "clusters.get"));
    }

    private static Task<ServiceUnderTest> StartAsync() =>
        ServiceUnderTest.StartAsync(ControlPlaneApp.AppId, ControlPlaneApp.Build, world: null, ControlPlaneReflection.Descriptor);

    private static StepUnderTest Membership(ServiceUnderTest service) => service.Step(
        "fleet-membership",
        Scope,
        new FleetMembershipSpec { Cluster = Cluster, FleetProject = "demo-fleet" });

    private static int Calls(ServiceUnderTest service, string method) =>
        service.Sandbox.Journal().Count(entry => entry.Method == method && entry.Principal.Contains("meshworkflow", StringComparison.Ordinal));
}
