using MeshWorkflow.Cli.Client;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Workflows.Api;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Tests.Product.Steering;

/// <summary>Cancel, pause and approval between clusters, between stages, at gates and during undos.</summary>
[Collection(Steered.Name)]
public sealed class StagePointTests(SteeredProduct product)
{
    private static readonly CallPoint Release = new("Release", "ownership");
    private static int _last;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cancel_BetweenStages_FirstStaysAndSecondIsNotBegun()
    {
        var (name, one, two) = Next();
        var hold = product.Calls.Hold(name, SteeredFleet.Scope(one), Release);
        var id = await product.BeginAsync(TwoStages(name, one, two));

        await hold.ReachedAsync();
        await product.Client.CancelAsync(id, new CancelRequest(), Token);
        hold.Release();
        var ended = await product.EndAsync(id);

        AssertEnds(ended, RolloutState.Cancelled, ClusterState.Succeeded, ClusterState.Cancelled);
        SteeredFleet.AssertInstalled(product.Sandbox.Snapshot(), one);
        Assert.Empty(product.Writes(two));
    }

    [Fact]
    public async Task Cancel_LastCallOfTheRollout_IsNotForgotten()
    {
        var (name, one, _) = Next();
        var hold = product.Calls.Hold(name, SteeredFleet.Scope(one), Release);
        var id = await product.BeginAsync(SteeredFleet.Request(name, [one]));

        await hold.ReachedAsync();
        await product.Client.CancelAsync(id, new CancelRequest(), Token);
        hold.Release();
        var ended = await product.EndAsync(id);

        AssertEnds(ended, RolloutState.Cancelled, ClusterState.Succeeded);
        SteeredFleet.AssertInstalled(product.Sandbox.Snapshot(), one);
        var late = await Assert.ThrowsAsync<ApiRefusedException>(() => product.Client.CancelAsync(id, new CancelRequest(), Token));
        Assert.Equal("ROLLOUT_ENDED", late.Problem.Title);
    }

    [Fact]
    public async Task Pause_BetweenStages_SecondIsBegunOnlyWhenResumed()
    {
        var (name, one, two) = Next();
        var hold = product.Calls.Hold(name, SteeredFleet.Scope(one), Release);
        var id = await product.BeginAsync(TwoStages(name, one, two));

        await hold.ReachedAsync();
        await product.Client.SteerAsync(id, "pause", Token);
        hold.Release();
        await product.WaitAsync(id, view => view.Clusters[0].State is ClusterState.Succeeded);
        await product.WaitAsync(id, view => view.Stages[1].State is StageState.Running);
        Assert.Empty(product.Writes(two));
        Assert.DoesNotContain(product.Calls.Seen, call => call is { Method: "Take" } && call.Scope == SteeredFleet.Scope(two));
        await product.Client.SteerAsync(id, "resume", Token);
        var ended = await product.EndAsync(id);

        AssertEnds(ended, RolloutState.Succeeded, ClusterState.Succeeded, ClusterState.Succeeded);
    }

    [Fact]
    public async Task Cancel_WhileApprovalIsAwaited_IsARefusalToGoOn()
    {
        var (name, one, two) = Next();
        var id = await product.BeginAsync(TwoStages(name, one, two, "approval: required"));

        await product.WaitAsync(id, view => view.Stages[0].State is StageState.AwaitingApproval);
        await product.Client.CancelAsync(id, new CancelRequest { Reason = "no" }, Token);
        var ended = await product.EndAsync(id);

        AssertEnds(ended, RolloutState.Cancelled, ClusterState.Succeeded, ClusterState.Cancelled);
        Assert.Empty(product.Writes(two));
        var late = await Assert.ThrowsAsync<ApiRefusedException>(() => product.Client.ApproveAsync(id, new ApprovalRequest { Stage = "first" }, Token));
        Assert.Equal("ROLLOUT_ENDED", late.Problem.Title);
        Assert.Empty(product.Writes(two));
    }

    [Fact]
    public async Task Approve_BeforeItIsAskedFor_NeedsTheStagesNameAndThenNobodyWaits()
    {
        var (name, one, two) = Next();
        var hold = product.Calls.Hold(name, SteeredFleet.Scope(one), new CallPoint("Plan", "fleet-membership"));
        var id = await product.BeginAsync(TwoStages(name, one, two, "approval: required"));

        await hold.ReachedAsync();
        var unnamed = await Assert.ThrowsAsync<ApiRefusedException>(() => product.Client.ApproveAsync(id, new ApprovalRequest(), Token));
        Assert.Equal("NOTHING_WAITS", unnamed.Problem.Title);
        await product.Client.ApproveAsync(id, new ApprovalRequest { Stage = "first", By = "ann" }, Token);
        hold.Release();
        var ended = await product.EndAsync(id);

        AssertEnds(ended, RolloutState.Succeeded, ClusterState.Succeeded, ClusterState.Succeeded);
    }

    [Fact]
    public async Task Approve_UnderAPause_CountsOnceResumed()
    {
        var (name, one, two) = Next();
        var id = await product.BeginAsync(TwoStages(name, one, two, "soak: 1ms, approval: required"));

        await product.WaitAsync(id, view => view.Stages[0].State is StageState.AwaitingApproval);
        await product.Client.SteerAsync(id, "pause", Token);
        await product.Client.ApproveAsync(id, new ApprovalRequest(), Token);
        await product.EndAsync(await product.BeginAsync(SteeredFleet.Request($"{name}-else", [SteeredFleet.Name("stage", 59)])));
        Assert.Empty(product.Writes(two));
        await product.Client.SteerAsync(id, "resume", Token);
        var ended = await product.EndAsync(id);

        AssertEnds(ended, RolloutState.Succeeded, ClusterState.Succeeded, ClusterState.Succeeded);
    }

    [Theory]
    [InlineData("cancel", "Revert")]
    [InlineData("pause", "Revert")]
    [InlineData("cancel", "VerifyUndo")]
    public async Task Steer_WhileAClusterIsUndone_UndoEndsAndNoOtherIsBegun(string verb, string method)
    {
        var (name, one, two) = Next();
        var before = product.Sandbox.Snapshot();
        var fault = product.Sandbox.Order(LabelRefused(one));
        var hold = product.Calls.Hold(name, SteeredFleet.Scope(one), new CallPoint(method, "fleet-membership"));
        var id = await product.BeginAsync(SteeredFleet.Request(name, [one, two], "  rollout: { stages: [{ name: all, failureBudget: 1 }] }"));

        await hold.ReachedAsync();
        await product.Client.SteerAsync(id, verb, Token);
        hold.Release();
        await product.WaitAsync(id, view => view.Clusters[0].State is ClusterState.Compensated);
        SteeredFleet.AssertAsBefore(before, product.Sandbox.Snapshot(), one);
        Assert.Empty(product.Writes(two));
        if (verb == "pause")
        {
            await product.Client.SteerAsync(id, "resume", Token);
        }

        var ended = await product.EndAsync(id);
        product.Sandbox.Cancel(fault);
        AssertEnds(
            ended,
            verb == "cancel" ? RolloutState.Cancelled : RolloutState.CompletedWithFailures,
            ClusterState.Compensated,
            verb == "cancel" ? ClusterState.Cancelled : ClusterState.Succeeded);
    }

    [Fact]
    public async Task Cancel_WhileTheWholeRolloutIsUndone_UndoEnds()
    {
        var (name, one, two) = Next();
        var before = product.Sandbox.Snapshot();
        var fault = product.Sandbox.Order(LabelRefused(two));
        var hold = product.Calls.Hold(name, SteeredFleet.Scope(one), new CallPoint("Revert", "mesh-id"));
        var id = await product.BeginAsync(SteeredFleet.Request(name, [one, two], "  rollout: { onFailure: rollback-rollout }"));

        await hold.ReachedAsync();
        await product.Client.CancelAsync(id, new CancelRequest(), Token);
        hold.Release();
        var ended = await product.EndAsync(id);
        product.Sandbox.Cancel(fault);

        Assert.Equal(RolloutState.Cancelled, ended.Rollout.State);
        Assert.All(ended.Clusters, cluster => Assert.Equal(ClusterState.Compensated, cluster.State));
        SteeredFleet.AssertAsBefore(before, product.Sandbox.Snapshot(), one);
        SteeredFleet.AssertAsBefore(before, product.Sandbox.Snapshot(), two);
    }

    // Nobody looks by himself for an hour: without the event the test would never end.
    [Theory]
    [InlineData("cancel")]
    [InlineData("approve")]
    [InlineData("pause")]
    public async Task Steer_GateThatLooksOnceAnHour_WakesAtOnce(string verb)
    {
        var (name, one, two) = Next();
        var id = await product.BeginAsync(TwoStages(name, one, two, "approval: required", pollEvery: "1h"));

        await product.WaitAsync(id, view => view.Stages[0].State is StageState.AwaitingApproval);
        if (verb == "pause")
        {
            await product.Client.SteerAsync(id, "pause", Token);
            await product.Client.SteerAsync(id, "resume", Token);
        }

        await (verb == "cancel"
            ? product.Client.CancelAsync(id, new CancelRequest(), Token)
            : product.Client.ApproveAsync(id, new ApprovalRequest(), Token));
        var ended = await product.EndAsync(id);

        Assert.Equal(verb == "cancel" ? RolloutState.Cancelled : RolloutState.Succeeded, ended.Rollout.State);
    }

    [Fact]
    public async Task Resume_ClusterThatLooksOnceAnHour_WakesAtOnce()
    {
        var (name, one, _) = Next();
        var hold = product.Calls.Hold(name, SteeredFleet.Scope(one), new CallPoint("Plan", "mesh-id"));
        var id = await product.BeginAsync(SteeredFleet.Request(name, [one], pollEvery: "1h"));

        await hold.ReachedAsync();
        await product.Client.SteerAsync(id, "pause", Token);
        hold.Release();
        await product.EndedAsync(name, SteeredFleet.Scope(one), "Plan", "mesh-id");
        await product.WaitingAsync(name, one);
        await product.Client.SteerAsync(id, "resume", Token);
        var ended = await product.EndAsync(id);

        AssertEnds(ended, RolloutState.Succeeded, ClusterState.Succeeded);
    }

    [Fact]
    public async Task Cancel_StepThatWaitsForAnHour_WakesAtOnce()
    {
        var (name, one, _) = Next();
        var before = product.Sandbox.Snapshot();
        var fault = product.Sandbox.Order(new FaultSpec
        {
            Match = new CallMatch("kubernetes", "create namespaces", Resource(one)),
            Status = 429,
            Code = "TooManyRequests",
            RetryAfterSeconds = 3000,
        });
        var id = await product.BeginAsync(SteeredFleet.Request(name, [one], pollEvery: "1h"));

        await product.WaitingAsync(name, one);
        product.Sandbox.Cancel(fault);
        await product.Client.CancelAsync(id, new CancelRequest(), Token);
        var ended = await product.EndAsync(id);

        AssertEnds(ended, RolloutState.Cancelled, ClusterState.Cancelled);
        SteeredFleet.AssertAsBefore(before, product.Sandbox.Snapshot(), one);
    }

    private static (string Name, string One, string Two) Next()
    {
        var number = Interlocked.Increment(ref _last);
        return ($"steer-{number}", SteeredFleet.Name("stage", (2 * number) - 1), SteeredFleet.Name("stage", 2 * number));
    }

    private static string TwoStages(string name, string one, string two, string gate = "maxConcurrent: 1", string pollEvery = "100ms") => SteeredFleet.Request(
        name,
        [one, two],
        $$"""
              rollout:
                stages:
                  - { name: first, select: { names: [{{one}}] }, {{gate}} }
                  - { name: second }
            """,
        pollEvery: pollEvery);

    private static FaultSpec LabelRefused(string cluster) => new() { Match = new CallMatch("container", "clusters.setResourceLabels", Resource(cluster)) };

    private static string Resource(string cluster) =>
        $"//container.googleapis.com/projects/{SteeredFleet.Apps}/locations/{SteeredFleet.Location}/clusters/{cluster}";

    private static void AssertEnds(RolloutView ended, RolloutState rollout, params ClusterState[] clusters)
    {
        Assert.Equal(clusters, ended.Clusters.Select(cluster => cluster.State));
        Assert.Equal(rollout, ended.Rollout.State);
    }
}
