using System.Globalization;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Tests.Product.Rollouts;

/// <summary>
/// A rollout over three clusters in two stages, one of which fails and is undone, and then the undo of all: killed at random calls, as a power
/// cut would, it ends as if nothing had happened. MESHWF_TEST_KILLS says how often (default 6), MESHWF_TEST_SEED repeats a run's dice.
/// </summary>
public sealed class FleetKillTests(ITestOutputHelper output)
{
    private const int KillsPerStory = 6;

    [Fact]
    public async Task Rollout_KilledAtRandom_EndsAsIfNothingHadHappened()
    {
        var (kills, random) = Dice();
        var calm = await TellAsync([]);
        for (var left = kills; left > 0; left -= KillsPerStory)
        {
            // Places all over the story, however many calls lie between two of them.
            var places = Enumerable.Range(0, Math.Min(left, KillsPerStory)).Select(_ => random.Next(calm.Calls)).Order().ToList();
            var story = await TellAsync([.. places.Select((place, index) => PowerCut.Throw(random, place - (index == 0 ? 0 : places[index - 1])))]);
            foreach (var (effect, times) in story.Effects)
            {
                Assert.True(times <= calm.Effects.GetValueOrDefault(effect), $"{effect}: {times} times, {calm.Effects.GetValueOrDefault(effect)} without kills");
            }
        }
    }

    private static string Request => Fleets.Request(3, """
          canonicalService: false
          injection: { namespaces: [default], restart: true }
          rollout:
            stages:
              - { name: canary, select: { names: [c1] } }
              - { name: rest, maxConcurrent: 2, failureBudget: 1 }
        """);

    private (int Kills, Random Random) Dice()
    {
        var kills = Number("MESHWF_TEST_KILLS") ?? KillsPerStory;
        var seed = Number("MESHWF_TEST_SEED") ?? Random.Shared.Next();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"again: MESHWF_TEST_KILLS={kills} MESHWF_TEST_SEED={seed} dotnet run --project tests/product -- -class '*FleetKillTests'"));
        return (kills, new Random(seed));
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    private async Task<Story> TellAsync(IReadOnlyList<PowerCut> kills)
    {
        await using var product = await ProductUnderTest.StartProcessAsync(Fleets.Of(3));
        var before = product.Sandbox.Snapshot();
        product.Sandbox.Order(new FaultSpec
        {
            Match = new CallMatch("kubernetes", "patch deployments", Fleets.Resource("c2")),
            Code = "Forbidden",
        });
        var cutter = new PowerCuts(product, kills, output);
        var id = await product.BeginAsync(Request);
        await cutter.UntilEndedAsync(id);
        var ended = await product.EndAsync(id);

        Assert.Equal(RolloutState.CompletedWithFailures, ended.Rollout.State);
        Assert.Equal([ClusterState.Succeeded, ClusterState.Compensated, ClusterState.Succeeded], ended.Clusters.Select(cluster => cluster.State));
        var world = product.Sandbox.Snapshot();
        Assert.Equal(["c1", "c3"], Fleets.Installed(world, 3));
        Requests.AssertUntouched(before, world, Fleets.Resource("c2"));

        await product.RollBackAsync(id);
        await cutter.UntilEndedAsync(id);
        var undone = await product.EndAsync(id);

        Assert.Equal(RolloutState.Compensated, undone.Rollout.State);
        Assert.Empty(undone.Clusters.SelectMany(cluster => cluster.Residue));
        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());
        var effects = product.Writes().Where(entry => entry.HttpMethod.Length > 0)
            .SelectMany(entry => entry.Effects.Select(effect => $"{entry.Method}: {effect}"))
            .GroupBy(effect => effect, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        return new Story(product.Sandbox.Journal().Count(entry => entry.HttpMethod.Length > 0), effects);
    }

    private sealed record Story(int Calls, Dictionary<string, int> Effects);
}
