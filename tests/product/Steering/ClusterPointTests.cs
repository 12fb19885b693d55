using MeshWorkflow.Workflows.Api;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Tests.Product.Steering;

/// <summary>
/// Cancel and pause at every call of a cluster; judged by the calls of the services, the sandbox's journal and the world.
/// </summary>
[Collection(Steered.Name)]
public sealed class ClusterPointTests(SteeredProduct product)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // As many clusters as there are calls are under way at once, each held at another one of them, when somebody cancels.
    [Fact]
    public async Task Cancel_EveryCallOfACluster_UndoesThoseUnderWayAndKeepsTheFinished()
    {
        var (points, steps) = await product.LookAsync();
        var before = product.Sandbox.Snapshot();
        var (id, holds) = await BeginHeldAsync("cancel", points);

        await product.Client.CancelAsync(id, new CancelRequest { Reason = "changed my mind" }, Token);
        var cancelled = product.Calls.Seen.Count;
        Array.ForEach(holds, hold => hold.Release());
        var ended = await product.EndAsync(id);

        Assert.Equal(RolloutState.Cancelled, ended.Rollout.State);
        var later = product.Calls.Seen.Where(call => call is { Rollout: "cancel", Method: "Apply" } && call.Number > cancelled);
        Assert.DoesNotContain(later, call => !holds.Any(hold => hold.Scope == call.Scope && hold.Point.Step == call.Step && hold.Point.Method == "Apply"));
        var after = product.Sandbox.Snapshot();
        Assert.Equal(ClusterState.Succeeded, ended.Clusters[0].State);
        SteeredFleet.AssertInstalled(after, ended.Clusters[0].Name);
        foreach (var (cluster, hold) in ended.Clusters.Skip(1).Zip(holds))
        {
            // The last step needs no other after it: who was through with it has finished.
            var mayFinish = hold.Point.Method == "Release" || (hold.Point.Step == steps[^1] && hold.Point.Method != "Plan");
            Assert.True(
                cluster.State is ClusterState.Cancelled || (mayFinish && cluster.State is ClusterState.Succeeded),
                $"{hold.Point}: {cluster.State} {cluster.Reason} {cluster.Message}");
            if (cluster.State is ClusterState.Cancelled)
            {
                SteeredFleet.AssertAsBefore(before, after, cluster.Name);
            }
            else
            {
                SteeredFleet.AssertInstalled(after, cluster.Name);
            }
        }
    }

    [Fact]
    public async Task Pause_EveryCallOfACluster_BeginsNoStepUntilResumed()
    {
        const string Cluster = "pause-01";
        var scope = SteeredFleet.Scope(Cluster);
        var (points, steps) = await product.LookAsync();
        var hold = product.Calls.Hold("pause", scope, points[0]);
        var id = await product.BeginAsync(SteeredFleet.Request("pause", [Cluster], SteeredFleet.Whole));

        for (var index = 0; index < points.Count; index++)
        {
            await hold.ReachedAsync();
            await product.Client.SteerAsync(id, "pause", Token);
            var paused = product.Calls.Seen.Count;
            var quiet = product.Sandbox.Journal().Count;
            var point = points[index];
            var next = index + 1 < points.Count ? product.Calls.Hold("pause", scope, points[index + 1]) : null;
            hold.Release();
            if (point.Method == "Plan")
            {
                // Looking is the last thing that is done under a pause.
                await product.EndedAsync("pause", scope, "Plan", point.Step);
                await product.Client.ReadAsync(id, Token);
                Assert.DoesNotContain(product.Calls.Seen, call => call.Rollout == "pause" && call.Number > paused && call.Step != point.Step);
                Assert.DoesNotContain(product.Calls.Seen, call => call is { Rollout: "pause", Method: "Apply" } && call.Number > paused);
                Assert.Empty(product.Writes(Cluster, quiet));
            }
            else if (next is not null)
            {
                // A step that has begun comes to its end; the one behind it is looked at.
                await next.ReachedAsync();
                Assert.True(next.Point.Step == point.Step || next.Point.Method is "Plan" or "Release", $"{next.Point} is reached under a pause at {point}.");
            }

            await product.Client.SteerAsync(id, "resume", Token);
            hold = next ?? hold;
        }

        var ended = await product.EndAsync(id);
        Assert.Equal(RolloutState.Succeeded, ended.Rollout.State);
        Assert.Equal(steps, ended.Clusters[0].Steps.Select(step => step.Step));
        SteeredFleet.AssertInstalled(product.Sandbox.Snapshot(), Cluster);
    }

    // A first stage that is through with its one cluster, and one whose clusters are each held at a point of its own.
    private async Task<(string Id, CallHold[] Holds)> BeginHeldAsync(string rollout, IReadOnlyList<CallPoint> points)
    {
        var clusters = Enumerable.Range(1, points.Count + 1).Select(number => SteeredFleet.Name(rollout, number)).ToList();
        var holds = points.Zip(clusters.Skip(1)).Select(pair => product.Calls.Hold(rollout, SteeredFleet.Scope(pair.Second), pair.First)).ToArray();
        var id = await product.BeginAsync(SteeredFleet.Request(rollout, clusters, SteeredFleet.Whole + $$"""

              rollout:
                stages:
                  - { name: first, select: { names: [{{clusters[0]}}] } }
                  - { name: rest, maxConcurrent: {{points.Count}} }
            """));
        foreach (var hold in holds)
        {
            await hold.ReachedAsync();
        }

        return (id, holds);
    }
}
