using System.Text.Json.Nodes;
using MeshWorkflow.ControlPlane;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Services.ControlPlane;

/// <summary>The steps workload-identity and logging-monitoring.</summary>
public sealed class ClusterSettingsStepsTests
{
    private const string Scope = $"cluster/{SharedWorld.Apps}/us-central1/mesh-a";
    private const string Resource = $"//container.googleapis.com/projects/{SharedWorld.Apps}/locations/us-central1/clusters/mesh-a";
    private const string Path = $"container/v1/projects/{SharedWorld.Apps}/locations/us-central1/clusters/mesh-a";

    [Theory]
    [InlineData("workload-identity", 1)]
    [InlineData("logging-monitoring", 2)]
    public async Task PutBack_AfterBringAbout_ClusterIsAsBefore(string name, int fields)
    {
        await using var service = await StartAsync();
        var before = See(service);
        var step = service.Step(name, Scope, Spec(name));

        var plan = await step.BringAboutAsync();

        Assert.Equal(fields, plan.Changes.Single().Fields.Count);
        Assert.NotEqual(before, See(service));
        Assert.Empty((await service.Step(name, Scope, Spec(name), rollout: "other").PlanAsync()).Changes);
        await step.RaiseEpochAsync("undo");
        Assert.Empty(await step.PutBackAsync());
        Assert.Equal(before, See(service));
        Assert.Empty(await step.PutBackAsync());
        Assert.Equal(2, service.Calls("container", "clusters.update"));
    }

    [Theory]
    [InlineData("workload-identity")]
    [InlineData("logging-monitoring")]
    public async Task Apply_Twice_WritesOnce(string name)
    {
        await using var service = await StartAsync();
        var step = service.Step(name, Scope, Spec(name));
        await step.PlanAsync();

        var first = await step.ApplyAsync();
        await step.VerifyAsync(Side.After, first.Pending.Handles);
        await step.ApplyAsync();

        Assert.Equal(1, service.Calls("container", "clusters.update"));
    }

    [Theory]
    [InlineData("workload-identity")]
    [InlineData("logging-monitoring")]
    public async Task Revert_WhatWasBegunIsStillUnderWay_IsWaitedForAndPutBack(string name)
    {
        await using var service = await StartAsync();
        var before = See(service);
        var step = service.Step(name, Scope, Spec(name));

        Assert.Empty(await step.PutBackWhileUnderWayAsync("container"));

        Assert.Equal(before, See(service));
    }

    [Theory]
    [InlineData("workload-identity", "WORKLOAD_IDENTITY_OFF")]
    [InlineData("logging-monitoring", "CLOUD_OPERATIONS_OFF")]
    public async Task Plan_CheckOnly_RefusesWithFlag(string name, string reason)
    {
        await using var service = await StartAsync();

        var reply = await service.Step(name, Scope, Spec(name, checkOnly: true)).TryPlanAsync();

        Assert.Equal(reason, reply.Refused.Reason);
        Assert.Contains("--enable_gcp_components", reply.Refused.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoggingMonitoring_OneChangedByOthers_TheirsSurvivesAndIsNamed()
    {
        await using var service = await StartAsync();
        var step = service.Step("logging-monitoring", Scope, Spec("logging-monitoring"));
        await step.BringAboutAsync();
        await UpdateAsOwnerAsync(service, new JsonObject { ["desiredMonitoringService"] = "monitoring.googleapis.com" });

        await step.RaiseEpochAsync("undo");
        var residue = await step.PutBackAsync();

        Assert.Equal(("monitoringService", false), (residue.Single().Path, residue.Single().Ours));
        Assert.Contains("\"monitoringService\":\"monitoring.googleapis.com\"", See(service), StringComparison.Ordinal);
        Assert.Contains("\"loggingService\":\"none\"", See(service), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WorkloadIdentity_NodePoolUsesIt_IsLeftAndNamed()
    {
        await using var service = await StartAsync(gkeMetadata: true);
        var step = service.Step("workload-identity", Scope, Spec("workload-identity"));
        await step.BringAboutAsync();

        await step.RaiseEpochAsync("undo");
        var residue = await step.PutBackAsync();

        Assert.Contains("default-pool", residue.Single().Reason, StringComparison.Ordinal);
        Assert.False(residue.Single().Ours);
        Assert.Contains("prod-apps.svc.id.goog", See(service), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_DeliveredAfterUndo_WritesNothing()
    {
        await using var service = await StartAsync();
        var step = service.Step("workload-identity", Scope, Spec("workload-identity"));
        await step.PlanAsync();
        await step.RaiseEpochAsync("install");
        var late = step.Epoch;
        await step.RaiseEpochAsync("undo");

        Assert.Equal("EPOCH_PASSED", (await step.ApplyAsync(late)).Refused.Reason);
        Assert.Equal(0, service.Calls("container", "clusters.update"));
    }

    private static Task<ServiceUnderTest> StartAsync(bool gkeMetadata = false) => ServiceUnderTest.StartAsync(
        ControlPlaneApp.AppId,
        ControlPlaneApp.Build,
        SharedWorld.Make(
            ["roles/owner"],
            SharedWorld.Cluster("mesh-a") with
            {
                WorkloadIdentity = false,
                LoggingService = "none",
                MonitoringService = "none",
                NodePools = [new WorldNodePool("default-pool") { GkeMetadata = gkeMetadata }],
            }),
        ControlPlaneReflection.Descriptor);

    private static Google.Protobuf.IMessage Spec(string name, bool checkOnly = false) => name == "workload-identity"
        ? new WorkloadIdentitySpec { Cluster = Cluster(), CheckOnly = checkOnly }
        : new LoggingMonitoringSpec { Cluster = Cluster(), CheckOnly = checkOnly };

    private static GkeCluster Cluster() => new() { Project = SharedWorld.Apps, Location = "us-central1", Name = "mesh-a" };

    private static string See(ServiceUnderTest service)
    {
        var cluster = JsonNode.Parse(service.See(Resource) ?? "{}") as JsonObject ?? [];
        cluster.Remove("etag");
        return cluster.ToJsonString();
    }

    private static async Task UpdateAsOwnerAsync(ServiceUnderTest service, JsonObject update)
    {
        var operation = await service.AsOwnerAsync(HttpMethod.Put, Path, new JsonObject { ["update"] = update });
        var name = operation?["name"]?.ToString();
        JsonNode? seen;
        do
        {
            seen = await service.AsOwnerAsync(HttpMethod.Get, $"container/v1/projects/{SharedWorld.Apps}/locations/us-central1/operations/{name}");
        }
        while (seen?["status"]?.ToString() != "DONE");
    }
}
