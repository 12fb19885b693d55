using Google.Protobuf;
using MeshWorkflow.ControlPlane;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Sandbox.FaultPlans;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds.Comparing;

namespace MeshWorkflow.Tests.Services.ControlPlane;

/// <summary>Each of the first three steps alone.</summary>
public sealed class FirstStepsTests
{
    private const string Scope = "cluster/demo-apps/us-central1/mesh-a";
    private const string ClusterName = "//container.googleapis.com/projects/demo-apps/locations/us-central1/clusters/mesh-a";
    private const string MembershipName = "//gkehub.googleapis.com/projects/demo-fleet/locations/us-central1/memberships/mesh-a";

    // What the cluster's own controllers put into every namespace, a moment later.
    private static readonly string[] ByProducts =
    [
        $"{ClusterName}/k8s/namespaces/istio-system/configmaps/kube-root-ca.crt",
        $"{ClusterName}/k8s/namespaces/istio-system/serviceaccounts/default",
    ];

    private static readonly GkeCluster Cluster = new() { Project = "demo-apps", Location = "us-central1", Name = "mesh-a" };

    public static TheoryData<string> Steps => ["mesh-namespace", "fleet-membership", "mesh-id"];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Step_BroughtAboutAndPutBack_WorldIsAsBefore(string name)
    {
        await using var service = await StartAsync();
        var step = Step(service, name);
        var before = service.Sandbox.Snapshot();

        var plan = await step.BringAboutAsync();

        Assert.Equal(Undo.Exact, Assert.Single(plan.Changes).Undo);
        Assert.NotEmpty(Writes(service));
        Assert.NotEmpty(WorldDiff.Compare(before, service.Sandbox.Snapshot()));
        Assert.Empty((await step.PlanAsync()).Changes);

        await step.RaiseEpochAsync("undo");
        step = await UndoOfFirstAsync(service, name, step);
        Assert.Empty(await step.PutBackAsync());
        Assert.Empty(WorldDiff.Compare(before, service.Sandbox.Snapshot()));
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Apply_DeliveredTwice_SecondWritesNothing(string name)
    {
        await using var service = await StartAsync();
        var step = Step(service, name);
        await step.BringAboutAsync();
        var written = Writes(service).Count;

        var again = await step.ApplyAsync();

        Assert.NotEqual(0, written);
        Assert.True(again.OutcomeCase is Outcome.OutcomeOneofCase.Done or Outcome.OutcomeOneofCase.Pending, again.ToString());
        Assert.Equal(Outcome.OutcomeOneofCase.Done, (await step.VerifyAsync(Side.After, again.Pending?.Handles)).OutcomeCase);
        Assert.Equal(written, Writes(service).Count);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Revert_DeliveredTwice_SecondWritesNothing(string name)
    {
        await using var service = await StartAsync();
        var step = Step(service, name);
        var before = service.Sandbox.Snapshot();
        await step.BringAboutAsync();
        await step.PutBackAsync();
        var written = Writes(service).Count;

        var again = await step.RevertAsync();

        Assert.Equal(Outcome.OutcomeOneofCase.Done, again.OutcomeCase);
        Assert.Empty(again.Done.Residue);
        Assert.Equal(written, Writes(service).Count);
        Assert.Empty(WorldDiff.Compare(before, service.Sandbox.Snapshot()));
    }

    [Theory]
    [InlineData("mesh-id", "container")]
    [InlineData("fleet-membership", "gkehub")]
    public async Task Revert_WhatWasBegunIsStillUnderWay_IsWaitedForAndPutBack(string name, string api)
    {
        await using var service = await StartAsync();
        var step = Step(service, name);
        var before = service.Sandbox.Snapshot();

        Assert.Empty(await step.PutBackWhileUnderWayAsync(api));

        Assert.Empty(WorldDiff.Compare(before, service.Sandbox.Snapshot()));
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Apply_LateAfterCompensation_WritesNothing(string name)
    {
        await using var service = await StartAsync();
        var step = Step(service, name);
        var before = service.Sandbox.Snapshot();
        await step.BringAboutAsync();
        var installed = step.Epoch;
        await step.RaiseEpochAsync("undo");
        await step.PutBackAsync();
        var written = Writes(service).Count;

        var late = await step.ApplyAsync(installed);

        Assert.Equal("EPOCH_PASSED", late.Refused?.Reason);
        Assert.Equal(written, Writes(service).Count);
        Assert.Empty(WorldDiff.Compare(before, service.Sandbox.Snapshot()));
    }

    [Theory]
    [InlineData("mesh-namespace")]
    [InlineData("mesh-id")]
    public async Task Apply_WorldHasMovedSincePlan_IsAConflict(string name)
    {
        await using var service = await StartAsync();
        var step = Step(service, name);
        await step.PlanAsync();
        await ChangeByHandAsync(service, name, exists: false);
        var written = Writes(service).Count;

        var applied = await step.ApplyAsync();

        Assert.Equal(Outcome.OutcomeOneofCase.Conflict, applied.OutcomeCase);
        Assert.Equal(written, Writes(service).Count);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Revert_AHumanChangedIt_TheirValueSurvivesAndIsNamed(string name)
    {
        await using var service = await StartAsync();
        var step = Step(service, name);
        await step.BringAboutAsync();
        await ChangeByHandAsync(service, name, exists: true);
        var byHand = service.Sandbox.Snapshot();

        var residue = await step.PutBackAsync();

        Assert.Contains(residue, line => line.Found?.StringValue == "by-hand");
        Assert.Empty(WorldDiff.Compare(byHand, service.Sandbox.Snapshot()));
    }

    [Fact]
    public async Task Plan_OtherMeshOfTheCluster_IsRefusedWithWhatIsThere()
    {
        await using var service = await StartAsync();
        await ChangeByHandAsync(service, "mesh-id", exists: false);

        var reply = await Step(service, "mesh-id").TryPlanAsync();

        Assert.Equal("MESH_ID_DIFFERS", reply.Refused?.Reason);
        Assert.Contains("by-hand", reply.Refused?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_FaultThatPasses_IsAWaitNotBeforeItsTime()
    {
        await using var service = await StartAsync();
        service.Sandbox.Order(new FaultSpec
        {
            Match = new CallMatch("container", "clusters.get"),
            Status = 429,
            Code = "RESOURCE_EXHAUSTED",
            Message = "Quota exceeded for quota metric 'Read requests'.",
            RetryAfterSeconds = 7,
        });

        var reply = await Step(service, "mesh-id").TryPlanAsync();

        Assert.Equal(PlanReply.OutcomeOneofCase.Wait, reply.OutcomeCase);
        var wait = reply.Wait.NotBefore.ToDateTimeOffset() - TimeProvider.System.GetUtcNow();
        Assert.InRange(wait, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(7));
    }

    [Theory]
    [InlineData("kubernetes", "mesh-namespace")]
    [InlineData("container", "mesh-id")]
    public async Task BringAbout_TokensExpireMeanwhile_FreshOnesAreFetched(string api, string name)
    {
        await using var service = await StartAsync();
        service.Sandbox.Order(FaultPlan.Read($"faults:\n- {{ name: expiry, match: {{ api: {api} }}, after: 1, times: 2, expireToken: true }}", "plan"));

        await Step(service, name).BringAboutAsync();

        Assert.Equal(2, Assert.Single(service.Sandbox.Faults()).Met);
    }

    [Fact]
    public async Task Plan_EveryTokenExpiresAtOnce_IsWaitedFor()
    {
        await using var service = await StartAsync();
        service.Sandbox.Order(FaultPlan.Read("faults:\n- { match: { api: container }, expireToken: true }", "plan"));

        var reply = await Step(service, "mesh-id").TryPlanAsync();

        Assert.True(reply.OutcomeCase is PlanReply.OutcomeOneofCase.Wait, reply.ToString());
    }

    [Fact]
    public async Task Plan_ClusterHasVanished_IsRefusedAsNotFound()
    {
        await using var service = await StartAsync();
        service.Sandbox.Order(FaultPlan.Read("faults:\n- { at: 0s, vanish: { cluster: mesh-a } }", "plan"));

        var reply = await Step(service, "mesh-id").TryPlanAsync();

        Assert.Equal("CLUSTER_NOT_FOUND", reply.Refused?.Reason);
    }

    private static Task<ServiceUnderTest> StartAsync() =>
        ServiceUnderTest.StartAsync(ControlPlaneApp.AppId, ControlPlaneApp.Build, world: null, ControlPlaneReflection.Descriptor);

    private static StepUnderTest Step(ServiceUnderTest service, string name) => service.Step(name, Scope, SpecOf(name));

    // The plan that found nothing to do is the last one; the undo is of the first.
    private static async Task<StepUnderTest> UndoOfFirstAsync(ServiceUnderTest service, string name, StepUnderTest step)
    {
        var undo = service.Step(name, Scope, SpecOf(name)).Of(step);
        await undo.RaiseEpochAsync("undo");
        return undo;
    }

    private static IMessage SpecOf(string name) => name switch
    {
        "mesh-namespace" => new MeshNamespaceSpec { Cluster = Cluster, Namespace = "istio-system" },
        "fleet-membership" => new FleetMembershipSpec { Cluster = Cluster, FleetProject = "demo-fleet" },
        _ => new MeshIdSpec { Cluster = Cluster, FleetProject = "demo-fleet" },
    };

    private static async Task ChangeByHandAsync(ServiceUnderTest service, string name, bool exists)
    {
        const string Network = """{"metadata":{"labels":{"topology.istio.io/network":"by-hand"}}}""";
        const string Created = """{"metadata":{"name":"istio-system","labels":{"topology.istio.io/network":"by-hand"}}}""";
        switch (name)
        {
            case "mesh-namespace":
                await (exists
                    ? service.Sandbox.ClusterAsync("mesh-a", HttpMethod.Patch, "api/v1/namespaces/istio-system", Network)
                    : service.Sandbox.ClusterAsync("mesh-a", HttpMethod.Post, "api/v1/namespaces", Created));
                await Installation.UntilAsync(() => ByProducts.All(service.Sandbox.Snapshot().Resources.ContainsKey));
                break;
            case "fleet-membership":
                await service.Sandbox.GoogleAsync(
                    HttpMethod.Patch,
                    $"gkehub/v1/{MembershipName["//gkehub.googleapis.com/".Length..]}?updateMask=labels",
                    """{"labels":{"meshworkflow-rollout":"by-hand"}}""");
                await Installation.UntilAsync(() => service.Sandbox.Snapshot().Resources[MembershipName]["labels"]?["meshworkflow-rollout"]?.GetValue<string>() == "by-hand");
                break;
            default:
                var path = $"container/v1/{ClusterName["//container.googleapis.com/".Length..]}";
                var live = await service.Sandbox.GoogleAsync(HttpMethod.Get, path);
                await service.Sandbox.GoogleAsync(
                    HttpMethod.Post,
                    $"{path}:setResourceLabels",
                    $$"""{"resourceLabels":{"env":"demo","mesh_id":"by-hand"},"labelFingerprint":"{{live?["labelFingerprint"]}}"}""");
                await Installation.UntilAsync(() => service.Sandbox.Snapshot().Resources[ClusterName]["resourceLabels"]?["mesh_id"]?.GetValue<string>() == "by-hand");
                break;
        }
    }

    private static List<JournalEntry> Writes(ServiceUnderTest service) =>
        [.. service.Sandbox.Journal().Where(entry => entry.HttpMethod is not ("GET" or "") && entry.Api is not "oauth2" && entry.Status < 300)];
}
