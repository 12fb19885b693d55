using MeshWorkflow.Sandbox.Worlds.Comparing;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Tests.Product.Rollouts;

/// <summary>Plans and preflight.</summary>
public sealed class PlanTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Plan_NewFleet_TellsChangesAndWritesNothing()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1));
        using var client = product.Client();
        var before = product.Sandbox.Snapshot();

        var plan = await client.PlanAsync(Fleets.Request(1), Token);

        Assert.Empty(plan.Problems);
        Assert.DoesNotContain(product.Sandbox.Journal(), entry => entry.Effects.Count > 0);
        Assert.Empty(WorldDiff.Compare(before, product.Sandbox.Snapshot()));
        Assert.Contains(plan.Scopes, scope => scope.Scope == "project/demo-apps");
        var cluster = Assert.Single(plan.Scopes, scope => scope.Scope == "cluster/demo-apps/us-central1/c1");
        var label = Assert.Single(Assert.Single(cluster.Steps, step => step.Step == "mesh-id").Changes);
        Assert.Equal("update", label.Action);
        Assert.Contains(label.Fields, field => field is { Path: "resourceLabels.mesh_id", Before: null, After: "\"proj-210987654321\"" });
    }

    [Fact]
    public async Task Plan_NothingIsAllowed_NamesEveryFlag()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1));
        using var client = product.Client();

        var plan = await client.PlanAsync(Fleets.Request(1, enable: "{}"), Token);

        Assert.Contains(plan.Problems, problem => problem.Message.Contains("--enable_registration", StringComparison.Ordinal));
        Assert.Contains(plan.Problems, problem => problem.Message.Contains("--enable_cluster_labels", StringComparison.Ordinal));
        Assert.Contains(plan.Problems, problem => problem.Message.Contains("--enable_namespace_creation", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Install_NothingIsAllowed_IsRefusedAndWritesNothing()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(2));

        var ended = await product.RunAsync(Fleets.Request(2, enable: "{}"));

        Assert.Equal(RolloutState.Refused, ended.Rollout.State);
        Assert.Empty(product.Writes());
        Assert.All(ended.Clusters, cluster => Assert.NotNull(cluster.Reason));
    }

    [Fact]
    public async Task Install_AutopilotAmongOthers_IsSkippedAndTheOthersGoOn()
    {
        var world = Fleets.Of(2);
        world = world with { Clusters = [world.Clusters[0] with { Autopilot = true }, world.Clusters[1]] };
        await using var product = await ProductUnderTest.StartAsync(world);

        var ended = await product.RunAsync(Fleets.Request(2));

        Assert.Equal(RolloutState.SucceededWithSkips, ended.Rollout.State);
        Assert.Equal("AUTOPILOT_CLUSTER", ended.Clusters[0].Reason);
        Assert.Equal(["c2"], product.Begun());
    }

    [Fact]
    public async Task Install_AutopilotAndAllOrNone_IsRefusedAndWritesNothing()
    {
        var world = Fleets.Of(2);
        world = world with { Clusters = [world.Clusters[0] with { Autopilot = true }, world.Clusters[1]] };
        await using var product = await ProductUnderTest.StartAsync(world);

        var ended = await product.RunAsync(Fleets.Request(2, "  rollout: { preflight: stop }"));

        Assert.Equal(RolloutState.Refused, ended.Rollout.State);
        Assert.Empty(product.Writes());
    }
}
