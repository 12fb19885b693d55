using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Tests.Services;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Tests.Product.Rollouts;

/// <summary>Stages, budget and what happens beyond it; judged by the sandbox's journal and world, not by our own status.</summary>
public sealed class StageTests
{
    private const string CanaryThenRest = """
          rollout:
            stages:
              - { name: canary, select: { names: [c3] } }
              - { name: rest, maxConcurrent: 2 }
        """;

    [Fact]
    public async Task Install_Stages_CanaryFirst()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(3));

        var ended = await product.RunAsync(Fleets.Request(3, CanaryThenRest));

        Assert.Equal(RolloutState.Succeeded, ended.Rollout.State);
        Assert.Equal("c3", product.Begun()[0]);
        Assert.Equal(["c1", "c2"], product.Begun().Skip(1).Order(StringComparer.Ordinal));
        Assert.Equal([StageState.Done, StageState.Done], ended.Stages.Select(stage => stage.State));
    }

    [Fact]
    public async Task Install_StageByLabels_TakesThoseThatCarryThem()
    {
        const string More = """
              rollout:
                stages:
                  - { name: even, select: { labels: { tier: even } } }
                  - { name: rest }
            """;
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(3));

        var ended = await product.RunAsync(Fleets.Request(3, More));

        Assert.Equal(["c2", "c1", "c3"], product.Begun());
        Assert.Equal([1, 2], ended.Stages.Select(stage => stage.Clusters));
    }

    [Fact]
    public async Task Install_CanaryFails_RestIsNotBegunAndSharedIsPutBack()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(3));
        var before = product.Sandbox.Snapshot();
        product.Sandbox.Order(Fleets.LabelRefused("c3"));

        var ended = await product.RunAsync(Fleets.Request(3, CanaryThenRest));

        Assert.Equal(["c3"], product.Begun());
        Assert.Equal(RolloutState.Compensated, ended.Rollout.State);
        Assert.Equal([ClusterState.Skipped, ClusterState.Skipped, ClusterState.Compensated], ended.Clusters.Select(cluster => cluster.State));
        Assert.Equal([StageState.Failed, StageState.Skipped], ended.Stages.Select(stage => stage.State));
        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());
    }

    // It passed preflight; nothing was written there, and the stage counted on it.
    [Theory]
    [InlineData("0", new string[0])]
    [InlineData("1", new[] { "c2" })]
    public async Task Install_ClusterRefusedAtItsTurn_IsSkippedAndCounts(string budget, string[] begun)
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(2));
        var before = product.Sandbox.Snapshot();
        var hold = product.Sandbox.Hold(new HoldSpec(new CallMatch("cloudresourcemanager", "projects.setIamPolicy"), HoldPoint.BeforeEffect));
        var id = await product.BeginAsync(Fleets.Request(2, $$"""
              rollout: { stages: [{ name: all, failureBudget: {{budget}} }] }
            """));
        await product.Sandbox.ReachedAsync(hold).WaitAsync(TestContext.Current.CancellationToken);
        await product.Sandbox.ClusterAsync(
            "c1",
            HttpMethod.Post,
            "apis/coordination.k8s.io/v1/namespaces/kube-system/leases",
            """{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"meshworkflow"},"spec":{"holderIdentity":"somebody else"}}""");
        var taken = product.Sandbox.Snapshot();
        product.Sandbox.Release(hold, HoldAction.Proceed);
        var ended = await product.EndAsync(id);

        Assert.Equal((ClusterState.Skipped, "CLUSTER_OWNED"), (ended.Clusters[0].State, ended.Clusters[0].Reason));
        Requests.AssertUntouched(taken, product.Sandbox.Snapshot(), Fleets.Resource("c1"));
        Assert.Equal(begun, product.Begun());
        Assert.Equal(1, ended.Stages[0].Failed);
        if (begun.Length == 0)
        {
            Assert.Equal("BUDGET_EXHAUSTED", ended.Clusters[1].Reason);
            Requests.AssertUntouched(before, product.Sandbox.Snapshot(), Fleets.Resource("c2"));
        }
        else
        {
            Assert.Equal(RolloutState.CompletedWithFailures, ended.Rollout.State);
        }
    }

    [Theory]
    [InlineData("rollback-stage", "CompletedWithFailures", new[] { "c1" })]
    [InlineData("rollback-rollout", "Compensated", new string[0])]
    [InlineData("rollback-cluster", "CompletedWithFailures", new[] { "c1", "c2" })]
    public async Task Install_BeyondTheBudget_UndoesWhatTheRequestSays(string onFailure, string end, string[] standing)
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(3));
        product.Sandbox.Order(Fleets.LabelRefused("c3"));

        var ended = await product.RunAsync(Fleets.Request(3, $$"""
              rollout:
                stages:
                  - { name: first, select: { names: [c1] } }
                  - { name: second }
                onFailure: {{onFailure}}
            """));

        Assert.Equal(["c1", "c2", "c3"], product.Begun());
        Assert.Equal(end, ended.Rollout.State.ToString());
        var world = product.Sandbox.Snapshot();
        Assert.Equal(standing, (string[])[.. Enumerable.Range(1, 3).Select(number => $"c{number}").Where(name => world.Resources.ContainsKey($"{Fleets.Resource(name)}/k8s/namespaces/istio-system"))]);
    }

    [Fact]
    public async Task Install_Hold_LeavesWhatFailedUntilItIsRolledBack()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1));
        var before = product.Sandbox.Snapshot();
        product.Sandbox.Order(Fleets.LabelRefused("c1"));

        var ended = await product.RunAsync(Fleets.Request(1, "  rollout: { onFailure: hold }"));

        Assert.Equal(RolloutState.CompletedWithFailures, ended.Rollout.State);
        Assert.Equal(ClusterState.Failed, Assert.Single(ended.Clusters).State);
        Assert.Equal(["c1"], product.Begun());

        await product.RollBackAsync(ended.Rollout.Id);
        var undone = await product.EndAsync(ended.Rollout.Id);

        Assert.Equal(RolloutState.Compensated, undone.Rollout.State);
        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());
    }
}
