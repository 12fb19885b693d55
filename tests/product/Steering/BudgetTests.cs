using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Tests.Product.Steering;

/// <summary>The failure budget and the order of stages, read off the sandbox's journal alone.</summary>
[Collection(Steered.Name)]
public sealed class BudgetTests(SteeredProduct product)
{
    private static int _last;

    // Of four clusters that pass preflight the first, the third and the fourth fail; a fifth one is Autopilot and no part of the share.
    [Theory]
    [InlineData("0", 1, 1)]
    [InlineData("1", 1, 3)]
    [InlineData("2", 1, 4)]
    [InlineData("24%", 1, 1)]
    [InlineData("25%", 1, 3)]
    [InlineData("49%", 1, 3)]
    [InlineData("50%", 1, 4)]
    [InlineData("100%", 1, 4)]
    [InlineData("0", 4, 4)]
    public async Task Install_ClustersFail_BeginsNoneBeyondTheBudget(string budget, int atOnce, int begun)
    {
        var number = Interlocked.Increment(ref _last);
        var clusters = Enumerable.Range((4 * number) - 3, 4).Select(cluster => SteeredFleet.Name("budget", cluster)).ToList();
        var faults = clusters.Where((_, index) => index != 1).Select(Refuse).ToList();

        await product.EndAsync(await product.BeginAsync(SteeredFleet.Request($"budget-{number}", [.. clusters, SteeredFleet.Autopilot], $$"""
              canonicalService: false
              rollout: { stages: [{ name: all, maxConcurrent: {{atOnce}}, failureBudget: {{budget}} }] }
            """)));
        faults.ForEach(product.Sandbox.Cancel);

        Assert.Equal(clusters.Take(begun), clusters.Where(cluster => product.Writes(cluster).Count > 0));
        Assert.Empty(product.Writes(SteeredFleet.Autopilot));
        if (atOnce == 1)
        {
            AssertInOrder([.. clusters.Take(begun).Select(cluster => (string[])[cluster])]);
        }
    }

    [Fact]
    public async Task Install_ThreeStages_EachBeginsWhenTheOneBeforeHasEnded()
    {
        var clusters = Enumerable.Range(1, 5).Select(number => SteeredFleet.Name("order", number)).ToList();
        var fault = Refuse(clusters[2]);

        await product.EndAsync(await product.BeginAsync(SteeredFleet.Request("order", clusters, $$"""
              canonicalService: false
              rollout:
                stages:
                  - { name: last, select: { names: [{{clusters[4]}}] } }
                  - { name: middle, maxConcurrent: 3, failureBudget: 34%, select: { names: [{{clusters[1]}}, {{clusters[2]}}, {{clusters[3]}}] } }
                  - { name: first }
            """)));
        product.Sandbox.Cancel(fault);

        // What failed is undone before its stage has ended.
        var undone = product.Sandbox.Journal().First(entry => entry.Method == "memberships.delete" && SteeredFleet.IsOf(entry.Resource, clusters[2]));
        Assert.True(undone.Number < product.Writes(clusters[0])[0].Number, $"{undone.Number} comes late.");
        AssertInOrder([clusters[4]], [clusters[1], clusters[2], clusters[3]], [clusters[0]]);
    }

    private string Refuse(string cluster) => product.Sandbox.Order(new FaultSpec
    {
        Match = new CallMatch(
            "container",
            "clusters.setResourceLabels",
            $"//container.googleapis.com/projects/{SteeredFleet.Apps}/locations/{SteeredFleet.Location}/clusters/{cluster}"),
    });

    // All writes on the clusters of one group come before the first on those of the next.
    private void AssertInOrder(params string[][] groups)
    {
        var spans = groups.Select(group => group.SelectMany(cluster => product.Writes(cluster)).Select(entry => entry.Number).ToList()).ToList();
        Assert.All(spans, Assert.NotEmpty);
        Assert.All(spans.Zip(spans.Skip(1)), pair => Assert.True(pair.First.Max() < pair.Second.Min(), $"{pair.First.Max()} comes after {pair.Second.Min()}"));
    }
}
