using System.Globalization;
using MeshWorkflow.Sandbox.FaultPlans;

namespace MeshWorkflow.Tests.Sandbox.FaultPlans;

public sealed class FaultPlanTests
{
    [Fact]
    public void Read_EveryKind_IsRead()
    {
        var plan = FaultPlan.Read(
            """
            seed: 7
            quotas: google
            faults:
            - { match: { api: gkehub, method: memberships.*, project: demo-fleet, kind: write }, after: 1, times: 2, chance: 0.5, refuse: { code: UNAVAILABLE, retryAfter: 2s } }
            - { delay: { from: 10ms, to: 1s } }
            - { delay: { median: 50ms, p99: 2s } }
            - { reset: after-effect }
            - { name: gate, hang: { point: before-answer, for: 5s } }
            - { quota: { calls: 60, per: 1m, by: caller } }
            - { match: { api: compute }, operation: { end: fail, code: ABORTED } }
            - { match: { api: container }, operation: { end: never } }
            - { match: { cluster: mesh-a }, pods: { namespace: istio-system, name: istiod, reason: ImagePullBackOff } }
            - { at: 2s, vanish: { cluster: mesh-a, what: api-server, for: 5s } }
            - { match: { kind: read }, stale: { for: 2s } }
            - { match: { api: container, method: clusters.setResourceLabels }, otherWriter: true }
            - { expireToken: true, times: 1 }
            - { match: { api: container }, partial: { locations: [us-central1] } }
            - { match: { project: demo-apps }, propagation: { grants: 5s, apis: 3s } }
            - { at: 1s, edit: { cluster: mesh-a, as: "user:ann@example.com", path: /api/v1/namespaces/default, body: { metadata: { labels: { team: red } } } } }
            """,
            "plan.yaml");

        Assert.Equal(7, plan.Seed);
        Assert.Equal(16 + GoogleQuotas.All.Count, plan.Faults.Count);
        Assert.Equal(16, plan.Faults.Take(16).Select(fault => fault.Name).Distinct().Count());
        var refuse = Assert.IsType<Refuse>(plan.Faults[0].Act).Answer;
        Assert.Equal((503, "UNAVAILABLE", 2), (refuse.Status, refuse.Code, refuse.RetryAfterSeconds));
        Assert.Equal((1, 2, 0.5), (plan.Faults[0].After, plan.Faults[0].Times, plan.Faults[0].Chance));
    }

    [Theory]
    [InlineData("- { reset: now }", "faults[0].reset: 'now' is none of before-effect, after-effect (line 3)")]
    [InlineData("- { times: 2 }", "faults[0]: it doesn't say what goes wrong: write one of refuse, delay, hang, quota, operation, pods, vanish, stale, partial, propagation, edit, reset, otherWriter, expireToken (line 3)")]
    [InlineData("- { reset: before-effect, expireToken: true }", "faults[0]: it says reset and expireToken: make a fault of each (line 3)")]
    [InlineData("- { refuse: { code: UNAVAILABEL_X } }", "faults[0].refuse.code: 'UNAVAILABEL_X' is no code of Google's APIs: write one of CANCELLED, UNKNOWN, ")]
    [InlineData("- { refuse: { status: 200 } }", "faults[0].refuse.status: 200 is no status of a refusal: write one from 400 to 599 (line 3)")]
    [InlineData("- { delay: { from: 1 } }", "faults[0].delay.from: a duration was expected: write 200ms, 5s, 2m or 1h (line 3)")]
    [InlineData("- { delay: { from: 2s, to: 1s } }", "faults[0].delay.to: it is shorter than 'from': swap them (line 3)")]
    [InlineData("- { chance: 2, reset: before-effect }", "faults[0].chance: a number from 0 to 1 was expected (line 3)")]
    [InlineData("- { at: 1s, reset: before-effect }", "faults[0].at: only 'edit' and 'vanish' happen by themselves: take it away (line 3)")]
    [InlineData("- { vanish: { cluster: mesh-a } }", "faults[0]: nothing makes it happen: write 'at' (0s: at once), or 'match' for the call that it waits for (line 3)")]
    [InlineData("- { quota: { calls: 5, running: 5 } }", "faults[0].quota: write either 'calls' and 'per', or 'running', or 'streams', each 1 or more (line 3)")]
    [InlineData("- { times: 1, pods: {} }", "faults[0].times: it is about calls, and this fault isn't: take it away (line 3)")]
    [InlineData("- { mtach: {}, expireToken: true }", "faults[0].mtach: there is no such field (line 3)")]
    public void Read_AMistake_IsToldByItsPlaceWithItsRemedy(string fault, string problem)
    {
        var refused = Assert.Throws<FaultPlanException>(() => FaultPlan.Read($"seed: 1\nfaults:\n{fault}\n", "plan.yaml"));

        Assert.Contains(refused.Problems, told => told.StartsWith(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_SeveralMistakes_AreAllTold()
    {
        var refused = Assert.Throws<FaultPlanException>(() => FaultPlan.Read(
            "faults:\n- { name: a, reset: x }\n- { name: a, chance: -1, delay: { from: soon } }\nsede: 1\n", "plan.yaml"));

        Assert.Equal(5, refused.Problems.Count);
        Assert.StartsWith("plan.yaml is no plan of faults", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Share_SameSeed_IsTheSameWhateverComesBetween()
    {
        var first = Enumerable.Range(0, 1000).Select(i => Draws.Share(7, "a", i.ToString(CultureInfo.InvariantCulture))).ToList();
        var again = Enumerable.Range(0, 1000).Reverse().Select(i => Draws.Share(7, "a", i.ToString(CultureInfo.InvariantCulture))).Reverse().ToList();
        var other = Enumerable.Range(0, 1000).Select(i => Draws.Share(8, "a", i.ToString(CultureInfo.InvariantCulture))).ToList();

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.InRange(first.Average(), 0.45, 0.55);
        Assert.All(first, share => Assert.InRange(share, 0, 1));
    }

    [Fact]
    public void Latency_MedianAndTail_AreAsSaid()
    {
        var latency = new Latency(default, default, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2));

        Assert.Equal(50, latency.Draw(0.5).TotalMilliseconds, 1.0);
        Assert.Equal(2000, latency.Draw(0.99).TotalMilliseconds, 20.0);
        Assert.True(latency.Draw(0.999999999) < TimeSpan.FromDays(1));
        Assert.Equal(TimeSpan.FromMilliseconds(150), new Latency(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(200)).Draw(0.5));
    }
}
