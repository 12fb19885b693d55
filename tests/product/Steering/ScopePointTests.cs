using MeshWorkflow.Sandbox.Worlds.Comparing;
using MeshWorkflow.Tests.Product.Rollouts;
using MeshWorkflow.Workflows.Api;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Tests.Product.Steering;

/// <summary>Cancel and pause while what clusters share is prepared, at every call. Each rollout has projects of its own.</summary>
[Collection(Steered.Name)]
public sealed class ScopePointTests(SteeredProduct product)
{
    private static readonly (string Step, bool Writes)[] OfFleet = [("roles", true), ("apis", true), ("service-identities", false), ("mesh-config-initialize", true), ("mesh-ca", false)];
    private static readonly (string Step, bool Writes)[] OfApps = [("roles", true), ("apis", true), ("service-agents", true), ("mesh-config-initialize", true), ("mesh-ca", false)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static IReadOnlyList<(string Kind, CallPoint Point)> Points { get; } =
        [("cluster", new CallPoint("Check", "preflight")), .. PointsOf("fleet", OfFleet), .. PointsOf("apps", OfApps)];

    [Fact]
    public async Task Cancel_EveryCallOfASharedScope_BeginsNoClusterAndPutsBack()
    {
        var before = product.Sandbox.Snapshot();
        var rollouts = await Task.WhenAll(Points.Select((point, index) => BeginHeldAsync(index, point.Kind, point.Point)));
        foreach (var (id, hold) in rollouts)
        {
            await hold.ReachedAsync();
            await product.Client.CancelAsync(id, new CancelRequest(), Token);
        }

        var cancelled = product.Calls.Seen.Count;
        Array.ForEach(rollouts, rollout => rollout.Hold.Release());
        foreach (var (id, hold) in rollouts)
        {
            var ended = await product.EndAsync(id);
            Assert.True(ended.Rollout.State is RolloutState.Cancelled, $"{hold.Scope} {hold.Point}: {ended.Rollout.State}");
            Assert.Equal([ClusterState.Cancelled], ended.Clusters.Select(cluster => cluster.State));
            var later = product.Calls.Seen.Where(call => call.Rollout == ended.Rollout.Name && call.Method is "Apply" or "Take" && call.Number > cancelled);
            Assert.DoesNotContain(later, call => call.Rollout == ended.Rollout.Name && (call.Scope, call.Step) != (hold.Scope, hold.Point.Step));
        }

        var after = product.Sandbox.Snapshot();
        Assert.Empty(WorldDiff.Compare(before, after).Where(difference => IsOfTests(difference.Resource) && !IsKept(difference)).Lines());
    }

    [Fact]
    public async Task Pause_EveryCallOfASharedScope_BeginsNoStepUntilResumed()
    {
        var last = Points.Count;
        var points = Points.ToList();
        var (id, hold) = await BeginHeldAsync(last, points[0].Kind, points[0].Point);
        for (var index = 0; index < points.Count; index++)
        {
            await hold.ReachedAsync();
            await product.Client.SteerAsync(id, "pause", Token);
            var paused = product.Calls.Seen.Count;
            var (kind, point) = points[index];
            var next = index + 1 < points.Count ? Hold(last, points[index + 1].Kind, points[index + 1].Point) : null;
            hold.Release();
            await (next?.Point.Side is HoldSide.After ? next.ReachedAsync() : product.EndedAsync(Rollout(last), ScopeOf(last, kind), point.Method, point.Step));
            await product.Client.ReadAsync(id, Token);
            var later = product.Calls.Seen.Where(call => call.Rollout == Rollout(last) && call.Number > paused).ToList();
            Assert.DoesNotContain(later, call => call.Method is "Take" or "Revert" || (call.Method == "Apply" && call.Step != point.Step));
            if (point.Method == "Plan")
            {
                Assert.DoesNotContain(later, call => call.Method == "Apply");
            }

            await product.Client.SteerAsync(id, "resume", Token);
            hold = next ?? hold;
        }

        var ended = await product.EndAsync(id);
        Assert.Equal(RolloutState.Succeeded, ended.Rollout.State);
    }

    private static IEnumerable<(string Kind, CallPoint Point)> PointsOf(string kind, IEnumerable<(string Step, bool Writes)> steps) => steps
        .SelectMany(step => step.Writes
            ? (CallPoint[])[new("Plan", step.Step), new("Apply", step.Step), new("Apply", step.Step, HoldSide.After), new("Verify", step.Step)]
            : [new("Plan", step.Step)])
        .Select(point => (kind, point));

    private async Task<(string Id, CallHold Hold)> BeginHeldAsync(int number, string kind, CallPoint point)
    {
        var hold = Hold(number, kind, point);
        var request = SteeredFleet.Request(
            Rollout(number), [SteeredFleet.Name("shared", number)], project: SteeredFleet.Name("apps", number), fleet: SteeredFleet.Name("fleet", number));
        return (await product.BeginAsync(request), hold);
    }

    private CallHold Hold(int number, string kind, CallPoint point) => product.Calls.Hold(Rollout(number), ScopeOf(number, kind), point);

    private static string Rollout(int number) => SteeredFleet.Name("scope", number);

    private static string ScopeOf(int number, string kind) => kind == "cluster"
        ? SteeredFleet.Scope(SteeredFleet.Name("shared", number), SteeredFleet.Name("apps", number))
        : $"project/{SteeredFleet.Name(kind, number)}";

    private static bool IsOfTests(string resource) => resource.Contains("/fleet-", StringComparison.Ordinal) || resource.Contains("/apps-", StringComparison.Ordinal);

    // Enabled APIs, what Google makes and grants with them, and the mesh configuration's pools stay on purpose.
    private static bool IsKept(WorldDifference difference) =>
        difference.Resource.StartsWith("//serviceusage.googleapis.com/", StringComparison.Ordinal)
        || difference.Resource.StartsWith("//meshconfig.googleapis.com/", StringComparison.Ordinal)
        || (difference.Resource.EndsWith("/iamPolicy", StringComparison.Ordinal) && Granted(difference.After).SetEquals(Granted(difference.Before)));

    // Who has which role; what a project's own agents have comes with its APIs.
    private static HashSet<string> Granted(System.Text.Json.Nodes.JsonNode? bindings) => [.. (bindings?.AsArray() ?? [])
        .Select(binding => binding?.ToJsonString() ?? "")
        .Where(binding => !binding.Contains("@gcp-sa-servicemesh.", StringComparison.Ordinal))];
}
