namespace MeshWorkflow.Tests.Product.Rollouts;

/// <summary>Histories stay small, however large a fleet is.</summary>
public sealed class HistoryTests
{
    private const int Clusters = 4;

    [Fact]
    public async Task Histories_WholeRolloutAndItsUndo_AreWithinTheLimit()
    {
        await using var product = await ProductUnderTest.StartProcessAsync(Fleets.Of(Clusters));
        product.Sandbox.Order(Fleets.LabelRefused("c2"));
        var ended = await product.RunAsync(Fleets.Request(Clusters, """
              gateways: [{ namespace: istio-ingress }]
              rollout: { stages: [{ name: all, maxConcurrent: 2, failureBudget: 2 }] }
            """));
        await product.RollBackAsync(ended.Rollout.Id);
        await product.EndAsync(ended.Rollout.Id);
        await product.KillAsync();

        var histories = Histories.Read(product.State.StateFile);
        Assert.Contains(histories, history => history.Workflow == "ClusterInstall");
        Assert.Contains(histories.SelectMany(history => history.Events), happened => Histories.TextsOfChildren(happened).Any());
        Histories.AssertSmall(histories);
    }

    [Fact]
    public async Task Ids_LongestNames_AreWithinTheLimit()
    {
        await using var product = await ProductUnderTest.StartProcessAsync(Fleets.Of(2));
        var ended = await product.RunAsync(Fleets.Request(2, name: "a-name-of-20-letters"));
        await product.RollBackAsync(ended.Rollout.Id);
        await product.EndAsync(ended.Rollout.Id);
        await product.KillAsync();

        Assert.All(Histories.Read(product.State.StateFile), history => Assert.Matches("^[a-z0-9-]{1,63}$", history.Id));
    }
}
