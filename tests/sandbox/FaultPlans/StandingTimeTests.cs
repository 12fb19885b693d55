using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace MeshWorkflow.Tests.Sandbox.FaultPlans;

/// <summary>Quotas, and what takes minutes, over real sockets at a time that stands still.</summary>
public sealed class StandingTimeTests : IAsyncLifetime
{
    private const string Pools = "privateca/v1/projects/demo-apps/locations/us-central1/caPools";
    private const string MeshA = "container/v1/projects/demo-apps/locations/us-central1/clusters/mesh-a";
    private const string MeshB = "container/v1/projects/demo-apps/locations/europe-west1/clusters/mesh-b";
    private const string Members = "gkehub/v1/projects/demo-fleet/locations/-/memberships";
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private FaultsUnderTest _sandbox = null!;

    public async ValueTask InitializeAsync() => _sandbox = await FaultsUnderTest.StartAsync(_time);

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Theory]
    [InlineData("quick", 25)]
    [InlineData("kept", 7)]
    public async Task Google_CertificatesOfAnAuthority_HaveTheQuotaOfItsTier(string pool, int calls)
    {
        await _sandbox.OrderAllAsync("quotas: google\n");

        Assert.Equal(calls, await ServedAsync(() => _sandbox.SendAsync("POST", $"{Pools}/{pool}/certificates", "{}")));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(calls, await ServedAsync(() => _sandbox.SendAsync("POST", $"{Pools}/{pool}/certificates", "{}")));
    }

    [Fact]
    public async Task Google_CertificatesOfALocation_AreNotAmongOtherChanges()
    {
        await _sandbox.OrderAllAsync("quotas: google\n");
        var made = 0;

        for (var authority = 1; authority <= 5; authority++)
        {
            made += await ServedAsync(() => _sandbox.SendAsync("POST", $"{Pools}/quick/certificates?issuingCertificateAuthorityId=sub-{authority}", "{}"));
        }

        Assert.Equal(100, made);
        Assert.Equal(40, await ServedAsync(() => _sandbox.SendAsync("PATCH", $"{Pools}/quick?updateMask=nothing", "{}")));
        Assert.Equal(5, await ServedAsync(() => _sandbox.SendAsync("POST", $"{Pools}/quick/certificateAuthorities", "{}")));
        Assert.Equal(400 - 100 - 40 - 5, await ServedAsync(() => _sandbox.GetAsync($"{Pools}/quick")));
    }

    [Fact]
    public async Task Google_ConnectGateway_IsMeteredOnTheFleetsProject()
    {
        await _sandbox.OrderAsync("- { match: { api: connectgateway }, quota: { calls: 2, per: 1h } }");

        Assert.Equal(2, await ServedAsync(() => _sandbox.GatewayAsync("api/v1/namespaces/default")));
        var refused = await _sandbox.GatewayAsync("api/v1/namespaces/default");

        Assert.Equal("projects/demo-fleet", refused.Body["error"]!["details"]![0]!["metadata"]!["consumer"]!.GetValue<string>());
        Assert.Equal(200, (await _sandbox.KubeAsync("GET", "api/v1/namespaces/default")).Status);
    }

    [Fact]
    public async Task Google_StreamsThroughConnectGateway_AreTenAtOnce()
    {
        await _sandbox.OrderAllAsync("quotas: google\n");
        var open = new List<StreamReader>();
        for (var i = 0; i < 10; i++)
        {
            open.Add(await _sandbox.WatchGatewayAsync("api/v1/namespaces?watch=true"));
        }

        Assert.Equal(429, (await _sandbox.GatewayAsync("api/v1/namespaces?watch=true")).Status);
        Assert.Equal(200, (await _sandbox.GatewayAsync("api/v1/namespaces")).Status);
        using (await _sandbox.WatchAsync("api/v1/namespaces?watch=true"))
        {
            open[0].Dispose();
            open[0] = await AgainAsync();
        }

        open.ForEach(each => each.Dispose());
    }

    [Theory]
    [InlineData("project", false, true, false)]
    [InlineData("location", true, true, false)]
    [InlineData("caller", false, false, true)]
    [InlineData("all", false, false, false)]
    public async Task Quota_By_IsForEachOfThem(string by, bool isOtherLocationServed, bool isOtherProjectServed, bool isOtherCallerServed)
    {
        await _sandbox.OrderAsync($"- {{ match: {{ kind: read }}, quota: {{ calls: 2, per: 1h, by: {by} }} }}");
        Assert.Equal(2, await ServedAsync(() => _sandbox.GetAsync(MeshB)));

        FaultsUnderTest.Reply[] others =
        [
            await _sandbox.GetAsync(MeshA),
            await _sandbox.GetAsync(Members),
            await _sandbox.SendAsync("GET", MeshB, null, _sandbox.Host.TokenFor("user:ann@example.com")),
        ];

        Assert.Equal([isOtherLocationServed, isOtherProjectServed, isOtherCallerServed], others.Select(answer => answer.Status != 429));
    }

    [Fact]
    public async Task Propagation_OfAGrant_IsInForceWhenItsTimeIsOver()
    {
        const string Policy = "cloudresourcemanager/v1/projects/demo-apps";
        await _sandbox.OrderAsync("- { match: { project: demo-apps }, propagation: { grants: 10m } }");
        var policy = (await _sandbox.SendAsync("POST", $"{Policy}:getIamPolicy", "{}")).Body;
        policy["bindings"]!.AsArray().Add(new JsonObject { ["role"] = "roles/container.admin", ["members"] = new JsonArray("user:new@example.com") });
        Assert.Equal(200, (await _sandbox.SendAsync("POST", $"{Policy}:setIamPolicy", new JsonObject { ["policy"] = policy }.ToJsonString())).Status);

        Assert.Equal(403, (await ReadAsync()).Status);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(200, (await ReadAsync()).Status);

        Task<FaultsUnderTest.Reply> ReadAsync() => _sandbox.SendAsync("GET", MeshA, null, _sandbox.Host.TokenFor("user:new@example.com"));
    }

    // How many are served before the first is refused.
    private static async Task<int> ServedAsync(Func<Task<FaultsUnderTest.Reply>> call)
    {
        for (var served = 0; ; served++)
        {
            if ((await call()).Status == 429)
            {
                return served;
            }
        }
    }

    // The server notices a closed connection by and by. Tries are few: they count in the quota of a minute that never ends here.
    private async Task<StreamReader> AgainAsync()
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await _sandbox.WatchGatewayAsync("api/v1/namespaces?watch=true");
            }
            catch (HttpRequestException refused) when (refused.StatusCode is HttpStatusCode.TooManyRequests && tries < 150)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }
    }
}
