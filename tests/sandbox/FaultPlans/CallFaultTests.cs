using System.Globalization;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Tests.Sandbox.FaultPlans;

/// <summary>Each kind of fault that meets single calls, by a plan, over real sockets.</summary>
public sealed class CallFaultTests : IAsyncLifetime
{
    private const string MeshA = "container/v1/projects/demo-apps/locations/us-central1/clusters/mesh-a";
    private const string MeshB = "container/v1/projects/demo-apps/locations/europe-west1/clusters/mesh-b";
    private FaultsUnderTest _sandbox = null!;

    public async ValueTask InitializeAsync() => _sandbox = await FaultsUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Fact]
    public async Task Refuse_AfterOneAndTwice_MeetsTheSecondAndTheThird()
    {
        await _sandbox.OrderAsync("- { match: { api: container, method: clusters.get, cluster: mesh-a }, after: 1, times: 2, refuse: { code: UNAVAILABLE, retryAfter: 3s } }");

        var answers = new List<FaultsUnderTest.Reply>();
        for (var i = 0; i < 4; i++)
        {
            answers.Add(await _sandbox.GetAsync(MeshA));
        }

        Assert.Equal([200, 503, 503, 200], answers.Select(answer => answer.Status));
        Assert.Equal("3", answers[1].Header("Retry-After"));
        Assert.Equal(("plan-1", 4, 2), Assert.Single(_sandbox.Host.Faults()) is var view ? (view.Name, view.Seen, view.Met) : default);
    }

    [Theory]
    [InlineData("503", false)]
    [InlineData("429", false)]
    [InlineData("429", true)]
    public async Task Refuse_RetryAfter_IsThereOnlyIfAskedFor(string status, bool isAsked)
    {
        await _sandbox.OrderAsync($"- {{ refuse: {{ status: {status}{(isAsked ? ", retryAfter: 2s" : "")} }} }}");

        foreach (var answer in new[] { await _sandbox.GetAsync(MeshA), await _sandbox.KubeAsync("GET", "api/v1/namespaces/default") })
        {
            Assert.Equal(status, answer.Status.ToString(CultureInfo.InvariantCulture));
            Assert.Equal(isAsked ? "2" : null, answer.Header("Retry-After"));
            Assert.Equal(isAsked, answer.Body.ToJsonString().Contains("retry", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Theory]
    [InlineData("project: demo-fleet", new[] { 200, 200, 503, 200, 200 })]
    [InlineData("project: demo-apps", new[] { 503, 503, 200, 503, 503 })]
    [InlineData("cluster: mesh-a", new[] { 503, 503, 200, 503, 200 })]
    [InlineData("caller: 'user:owner@example.com'", new[] { 503, 503, 503, 503, 200 })]
    [InlineData("caller: 'serviceAccount:meshworkflow@demo-fleet.iam.gserviceaccount.com'", new[] { 200, 200, 200, 200, 503 })]
    [InlineData("kind: read", new[] { 503, 200, 503, 503, 503 })]
    [InlineData("kind: write", new[] { 200, 503, 200, 200, 200 })]
    [InlineData("resource: //gkehub.googleapis.com/projects/demo-fleet/", new[] { 200, 200, 503, 200, 200 })]
    [InlineData("api: kubernetes", new[] { 200, 200, 200, 503, 200 })]
    [InlineData("method: clusters.*|get namespaces", new[] { 503, 503, 200, 503, 503 })]
    public async Task Match_ByWhatACallIs_MeetsThoseAlone(string match, int[] statuses)
    {
        await _sandbox.OrderAsync($"- {{ match: {{ {match} }}, refuse: {{ status: 503 }} }}");

        FaultsUnderTest.Reply[] answers =
        [
            await _sandbox.GetAsync(MeshA),
            await _sandbox.SendAsync("POST", $"{MeshA}:setResourceLabels", """{"resourceLabels":{}}"""),
            await _sandbox.GetAsync("gkehub/v1/projects/demo-fleet/locations/us-central1/memberships/mesh-a"),
            await _sandbox.KubeAsync("GET", "api/v1/namespaces/default"),
            await _sandbox.SendAsync("GET", MeshB, null, _sandbox.Host.TokenFor("serviceAccount:meshworkflow@demo-fleet.iam.gserviceaccount.com")),
        ];

        // What is not met is answered well, or in the API's own words: a label's fingerprint is missing.
        Assert.Equal(statuses.Select(status => status == 503), answers.Select(answer => answer.Status == 503));
    }

    [Fact]
    public async Task Refuse_ByChance_IsTheSameForTheSameSeed()
    {
        const string Plan = "- { match: { api: container }, chance: 0.5, refuse: { status: 500 } }";

        var first = await RunAsync(1);
        var again = await RunAsync(1);
        var other = await RunAsync(2);

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.Equal([200, 500], first.Distinct().Order());

        async Task<List<int>> RunAsync(int seed)
        {
            await _sandbox.OrderAsync(Plan, seed);
            var statuses = new List<int>();
            for (var i = 0; i < 24; i++)
            {
                statuses.Add((await _sandbox.GetAsync(MeshA)).Status);
            }

            return statuses;
        }
    }

    [Theory]
    [InlineData("before-effect", false)]
    [InlineData("after-effect", true)]
    public async Task Reset_BeforeOrAfterTheEffect_BreaksTheConnection(string point, bool isDone)
    {
        await _sandbox.OrderAsync($"- {{ match: {{ api: kubernetes, method: create namespaces }}, reset: {point} }}");

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _sandbox.KubeAsync("POST", "api/v1/namespaces", """{"metadata":{"name":"shop"}}"""));

        Assert.Equal(isDone ? 200 : 404, (await _sandbox.KubeAsync("GET", "api/v1/namespaces/shop")).Status);
        Assert.Equal(isDone, _sandbox.Host.Journal().Any(entry => entry is { Status: 0, Effects.Count: > 0 }));
    }

    [Fact]
    public async Task Hang_ByItsName_GoesOnWhenItIsLetGo()
    {
        await _sandbox.OrderAsync("- { name: gate, match: { api: kubernetes, method: create namespaces }, hang: { point: before-effect } }");

        var call = _sandbox.KubeAsync("POST", "api/v1/namespaces", """{"metadata":{"name":"shop"}}""");
        await _sandbox.Host.ReachedAsync("gate");
        Assert.Equal(404, (await _sandbox.KubeAsync("GET", "api/v1/namespaces/shop")).Status);
        Assert.True(await _sandbox.ReleaseAsync("gate", HoldAction.Proceed));

        Assert.Equal(201, (await call).Status);
        Assert.False(await _sandbox.ReleaseAsync("no-such-gate", HoldAction.Proceed));
    }

    [Theory]
    [InlineData("after-effect", "RUNNING")]
    [InlineData("before-answer", "DONE")]
    public async Task Hang_AfterTheEffect_HasHappenedWhileTheCallerWaits(string point, string status)
    {
        await _sandbox.OrderAsync($$"""
            - { name: gate, match: { api: container, method: clusters.setResourceLabels }, hang: { point: {{point}} } }
            - { name: slow, match: { api: container }, operation: { end: late, by: 200ms } }
            """);

        var call = _sandbox.TryLabelAsync("team", "red");
        await _sandbox.Host.ReachedAsync("gate");
        var operation = (await _sandbox.GetAsync("container/v1/projects/demo-apps/locations/us-central1/operations")).Body["operations"]![0]!;
        Assert.Equal((status, false), (operation["status"]!.GetValue<string>(), call.IsCompleted));
        Assert.True(await _sandbox.ReleaseAsync("gate", HoldAction.Proceed));

        Assert.Equal(200, (await call).Status);
    }

    [Fact]
    public async Task Hang_ForAWhile_GoesOnByItself()
    {
        await _sandbox.OrderAsync("- { match: { api: kubernetes, method: create namespaces }, hang: { point: before-effect, for: 60ms } }");
        var begun = TimeProvider.System.GetTimestamp();

        Assert.Equal(201, (await _sandbox.KubeAsync("POST", "api/v1/namespaces", """{"metadata":{"name":"shop"}}""")).Status);

        Assert.True(TimeProvider.System.GetElapsedTime(begun) >= TimeSpan.FromMilliseconds(55));
    }

    [Theory]
    [InlineData("before-effect", 404)]
    [InlineData("after-effect", 200)]
    public async Task Hang_Dropped_EndsUnanswered(string point, int status)
    {
        await _sandbox.OrderAsync($"- {{ name: gate, match: {{ api: kubernetes, method: create namespaces }}, hang: {{ point: {point} }} }}");

        var call = _sandbox.KubeAsync("POST", "api/v1/namespaces", """{"metadata":{"name":"shop"}}""");
        await _sandbox.Host.ReachedAsync("gate");
        Assert.True(await _sandbox.ReleaseAsync("gate", HoldAction.Drop));

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => call);
        Assert.Equal(status, (await _sandbox.KubeAsync("GET", "api/v1/namespaces/shop")).Status);
    }

    [Fact]
    public async Task Delay_MedianAndTail_TakesThatLong()
    {
        await _sandbox.OrderAsync("- { match: { api: container }, delay: { median: 60ms, p99: 61ms } }");
        var begun = TimeProvider.System.GetTimestamp();

        Assert.Equal(200, (await _sandbox.GetAsync(MeshA)).Status);

        Assert.True(TimeProvider.System.GetElapsedTime(begun) >= TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task Delay_AnyCall_TakesAtLeastThatLong()
    {
        await _sandbox.OrderAsync("- { match: { api: container }, delay: { from: 60ms, to: 80ms } }");
        var begun = TimeProvider.System.GetTimestamp();

        Assert.Equal(200, (await _sandbox.GetAsync(MeshA)).Status);

        Assert.True(TimeProvider.System.GetElapsedTime(begun) >= TimeSpan.FromMilliseconds(55));
    }

    [Fact]
    public async Task Quota_BeyondIt_IsRefusedAsGoogleDoes()
    {
        await _sandbox.OrderAsync("""
            - { match: { api: compute }, quota: { calls: 2, per: 1h } }
            - { match: { api: gkehub }, quota: { calls: 1, per: 1h, retryAfter: 30s } }
            """);
        const string Rules = "compute/compute/v1/projects/demo-apps/global/firewalls";
        const string Members = "gkehub/v1/projects/demo-fleet/locations/-/memberships";

        Assert.Equal(200, (await _sandbox.GetAsync(Rules)).Status);
        Assert.Equal(200, (await _sandbox.GetAsync(Rules)).Status);
        var compute = await _sandbox.GetAsync(Rules);
        Assert.Equal(200, (await _sandbox.GetAsync(Members)).Status);
        var hub = await _sandbox.GetAsync(Members);

        Assert.Equal((403, "rateLimitExceeded"), (compute.Status, compute.Body["error"]!["errors"]![0]!["reason"]!.GetValue<string>()));
        Assert.Equal((429, "RESOURCE_EXHAUSTED", "30"), (hub.Status, hub.Body["error"]!["status"]!.GetValue<string>(), hub.Header("Retry-After")));
    }

    [Fact]
    public async Task Quota_Running_RefusesASecondChangeOfAFleetsFeatures()
    {
        await _sandbox.OrderAllAsync("quotas: google\nfaults:\n- { name: slow, match: { api: gkehub }, operation: { end: never } }");
        const string Features = "gkehub/v1/projects/demo-fleet/locations/global/features";

        Assert.Equal(200, (await _sandbox.SendAsync("POST", $"{Features}?featureId=servicemesh", "{}")).Status);
        var second = await _sandbox.SendAsync("POST", $"{Features}?featureId=servicemesh", "{}");

        Assert.Equal(429, second.Status);
        _sandbox.Host.Cancel("slow");
    }
}
