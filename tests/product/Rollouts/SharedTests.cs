using MeshWorkflow.Sandbox.Worlds.Comparing;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Tests.Product.Rollouts;

/// <summary>What rollouts share in a project.</summary>
public sealed class SharedTests
{
    [Theory]
    [InlineData("one", "two")]
    [InlineData("two", "one")]
    public async Task Rollback_TwoRolloutsInOneProject_EitherMayGoFirst(string first, string second)
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(2));
        var before = product.Sandbox.Snapshot();
        var one = await product.RunAsync(Of("one", "c1"));
        var two = await product.RunAsync(Of("two", "c2"));
        Assert.Equal([RolloutState.Succeeded, RolloutState.Succeeded], [one.Rollout.State, two.Rollout.State]);
        Assert.Contains(WorldDiff.Compare(before, product.Sandbox.Snapshot()), IsShared);

        await product.RollBackAsync($"{first}-g1");
        Assert.Equal(RolloutState.Compensated, (await product.EndAsync($"{first}-g1")).Rollout.State);
        Assert.Contains(WorldDiff.Compare(before, product.Sandbox.Snapshot()), IsShared);
        await product.RollBackAsync($"{second}-g1");
        Assert.Equal(RolloutState.Compensated, (await product.EndAsync($"{second}-g1")).Rollout.State);

        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());
    }

    // The policies of projects: the one thing shared that an undo puts back.
    private static bool IsShared(WorldDifference difference) =>
        difference.Resource.StartsWith("//cloudresourcemanager.googleapis.com/", StringComparison.Ordinal);

    private static string Of(string name, string cluster) => Fleets.Request(1, name: name).Replace("name: c1", $"name: {cluster}", StringComparison.Ordinal);
}
