using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Workflows.Api;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Tests.Product.Rollouts;

/// <summary>Cancel, pause and approval.</summary>
public sealed class ControlTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Approve_StageThatWaits_RestIsBegunOnlyThen()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(2));
        using var client = product.Client();
        var id = await product.BeginAsync(Fleets.Request(2, """
              rollout:
                stages:
                  - { name: canary, select: { names: [c1] }, approval: required }
                  - { name: rest }
            """));

        await product.WaitAsync(id, view => view.Stages[0].State is StageState.AwaitingApproval);
        Assert.Equal(["c1"], product.Begun());
        await client.ApproveAsync(id, new ApprovalRequest { By = "ann" }, Token);
        var ended = await product.EndAsync(id);

        Assert.Equal(RolloutState.Succeeded, ended.Rollout.State);
        Assert.Equal(["c1", "c2"], product.Begun());
        Assert.Equal("ann", Assert.Single(ended.Control?.Approvals ?? []).By);
    }

    [Fact]
    public async Task Cancel_StageThatWaits_FinishedStay()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(2));
        using var client = product.Client();
        var id = await product.BeginAsync(Fleets.Request(2, """
              rollout:
                stages:
                  - { name: canary, select: { names: [c1] }, soak: 1h }
                  - { name: rest }
            """));

        await product.WaitAsync(id, view => view.Stages[0].State is StageState.Soaking);
        await client.CancelAsync(id, new CancelRequest { Reason = "changed my mind" }, Token);
        var ended = await product.EndAsync(id);

        Assert.Equal(RolloutState.Cancelled, ended.Rollout.State);
        Assert.Equal([ClusterState.Succeeded, ClusterState.Cancelled], ended.Clusters.Select(cluster => cluster.State));
        Assert.Equal(["c1"], product.Begun());
    }

    [Theory]
    [InlineData("gkehub", "memberships.create")]
    [InlineData("container", "clusters.setResourceLabels")]
    [InlineData("kubernetes", "create namespaces")]
    public async Task Cancel_ClusterUnderWay_IsUndone(string api, string method)
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(2));
        using var client = product.Client();
        var before = product.Sandbox.Snapshot();
        var hold = product.Sandbox.Hold(new HoldSpec(new CallMatch(api, method), HoldPoint.AfterEffect));
        var id = await product.BeginAsync(Fleets.Request(2));

        await product.Sandbox.ReachedAsync(hold).WaitAsync(TimeSpan.FromSeconds(60), Token);
        await client.CancelAsync(id, new CancelRequest(), Token);
        product.Sandbox.Release(hold, HoldAction.Proceed);
        var ended = await product.EndAsync(id);

        Assert.Equal(RolloutState.Cancelled, ended.Rollout.State);
        Assert.Equal([ClusterState.Cancelled, ClusterState.Cancelled], ended.Clusters.Select(cluster => cluster.State));
        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());
    }

    [Fact]
    public async Task Pause_ClusterUnderWay_BeginsNoStepUntilResumed()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1));
        using var client = product.Client();
        var hold = product.Sandbox.Hold(new HoldSpec(new CallMatch("gkehub", "memberships.create"), HoldPoint.AfterEffect));
        var id = await product.BeginAsync(Fleets.Request(1));

        await product.Sandbox.ReachedAsync(hold).WaitAsync(TimeSpan.FromSeconds(60), Token);
        await client.SteerAsync(id, "pause", Token);
        product.Sandbox.Release(hold, HoldAction.Proceed);
        await product.WaitAsync(id, view => view.Clusters[0].Steps.Any(step => step is { Step: "mesh-id" }));
        Assert.DoesNotContain(product.Writes(), entry => entry.Method == "clusters.setResourceLabels");
        await client.SteerAsync(id, "resume", Token);
        var ended = await product.EndAsync(id);

        Assert.Equal(RolloutState.Succeeded, ended.Rollout.State);
    }

    [Fact]
    public async Task Steer_RolloutThatHasEnded_IsRefused()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1));
        using var client = product.Client();
        var ended = await product.RunAsync(Fleets.Request(1));

        var refused = await Assert.ThrowsAsync<Cli.Client.ApiRefusedException>(() => client.SteerAsync(ended.Rollout.Id, "pause", Token));

        Assert.Equal("ROLLOUT_ENDED", refused.Problem.Title);
    }
}
