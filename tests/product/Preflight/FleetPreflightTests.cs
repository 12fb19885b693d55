using MeshWorkflow.Cli.Commands;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Tests.Product.Rollouts;
using MeshWorkflow.Workflows.ReadModel;
using Spectre.Console.Testing;

namespace MeshWorkflow.Tests.Product.Preflight;

/// <summary>Preflight of a whole fleet, over the API and as people see it.</summary>
public sealed class FleetPreflightTests
{
    [Fact]
    public async Task Preflight_AutopilotAmongOthers_IsToldAndTheHealthyAreFolded()
    {
        var world = Fleets.Of(4);
        await using var product = await ProductUnderTest.StartAsync(world with { Clusters = [world.Clusters[0] with { Autopilot = true }, .. world.Clusters.Skip(1)] });
        using var client = product.Client();

        var found = await client.PreflightAsync(Fleets.Request(4), TestContext.Current.CancellationToken);

        Assert.Equal((3, 0, 1), (found.Counts.Passed, found.Counts.Unknown, found.Counts.Refused));
        Assert.Empty(product.Writes());
        var refused = Assert.Single(found.Clusters, cluster => cluster.Verdict == "refuse");
        Assert.Equal("demo-apps/us-central1/c1", refused.Cluster);
        Assert.Contains(refused.Checks, check => check is { Code: "AUTOPILOT_CLUSTER", About: "the cluster", Link: not null, Remedy: not null });

        using var console = new TestConsole().Width(240);
        console.Preflight(found, isWhole: false);
        Assert.Contains("3 cluster(s) are fine (folded", console.Output, StringComparison.Ordinal);
        Assert.Contains("AUTOPILOT_CLUSTER", console.Output, StringComparison.Ordinal);
        Assert.Contains("IN_CLUSTER_DEPRECATED on 3 of them", console.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("demo-apps/us-central1/c2", console.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Install_ApiServerIsUnwellForAMoment_ItIsAskedAgain()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(2));

        // As many as one look repeats by itself.
        product.Sandbox.Order(new FaultSpec
        {
            Match = new CallMatch("kubernetes", "get /version", Fleets.Resource("c2")),
            Status = 503,
            Code = "ServiceUnavailable",
            Times = 3,
        });

        var ended = await product.RunAsync(Fleets.Request(2));

        Assert.Equal(RolloutState.Succeeded, ended.Rollout.State);
    }
}
