using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Admin;
using MeshWorkflow.Sandbox.FaultPlans;

namespace MeshWorkflow.Tests.Sandbox.FaultPlans;

/// <summary>Each kind of fault that is about the world behind the calls, by a plan, over real sockets.</summary>
public sealed class WorldFaultTests : IAsyncLifetime
{
    private const string Clusters = "container/v1/projects/demo-apps/locations/-/clusters";
    private const string MeshA = "container/v1/projects/demo-apps/locations/us-central1/clusters/mesh-a";
    private const string Policy = "cloudresourcemanager/v1/projects/demo-apps";
    private FaultsUnderTest _sandbox = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _sandbox = await FaultsUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Theory]
    [InlineData("{ end: fail, code: ABORTED }", true)]
    [InlineData("{ end: late, by: 30ms }", false)]
    public async Task Operation_FailsOrIsLate_EndsSo(string operation, bool isFailed)
    {
        await _sandbox.OrderAsync($"- {{ match: {{ api: container, method: clusters.setResourceLabels }}, operation: {operation} }}");

        var ended = await _sandbox.EndAsync(await _sandbox.LabelAsync("late", "yes"));

        Assert.Equal(isFailed, ended["error"] is not null);
        Assert.Equal(isFailed ? null : "yes", (await _sandbox.GetAsync(MeshA)).Body["resourceLabels"]?["late"]?.GetValue<string>());
    }

    [Theory]
    [InlineData("user:owner@example.com", true)]
    [InlineData("user:ann@example.com", false)]
    public async Task Operation_OfACaller_MeetsWhatTheyBegan(string caller, bool isFailed)
    {
        await _sandbox.OrderAsync($"- {{ match: {{ api: container, caller: '{caller}' }}, operation: {{ end: fail, code: ABORTED }} }}");

        Assert.Equal(isFailed, (await _sandbox.EndAsync(await _sandbox.LabelAsync("late", "yes")))["error"] is not null);
    }

    [Fact]
    public async Task Operation_Never_EndsWhenTheFaultIsTakenBack()
    {
        await _sandbox.OrderAsync("- { name: stuck, match: { api: container }, operation: { end: never } }");
        var begun = await _sandbox.LabelAsync("late", "yes");
        while (_sandbox.Host.Faults()[0].Met == 0)
        {
            await Task.Yield();
        }

        Assert.Equal("RUNNING", (await _sandbox.GetAsync($"container/v1/projects/demo-apps/locations/us-central1/operations/{begun["name"]}")).Body["status"]?.GetValue<string>());
        _sandbox.Host.Cancel("stuck");

        Assert.Null((await _sandbox.EndAsync(begun))["error"]);
    }

    [Fact]
    public async Task Pods_NeverReady_BecomeSoWhenTheFaultIsTakenBack()
    {
        await _sandbox.OrderAsync("- { name: bad-image, match: { cluster: mesh-a }, pods: { namespace: default, name: web, reason: ImagePullBackOff } }");
        const string Pod = "api/v1/namespaces/default/pods/web-1";

        await _sandbox.KubeAsync("POST", "api/v1/namespaces/default/pods", """{"metadata":{"name":"web-1"},"spec":{"containers":[{"name":"web","image":"web"}]}}""");
        var waiting = await _sandbox.KubeUntilAsync(Pod, pod => pod["status"]?["containerStatuses"] is not null);
        Assert.Equal("ImagePullBackOff", waiting["status"]!["containerStatuses"]![0]!["state"]!["waiting"]!["reason"]!.GetValue<string>());
        _sandbox.Host.Cancel("bad-image");

        Assert.NotNull(await _sandbox.KubeUntilAsync(Pod, pod => pod["status"]?["phase"]?.GetValue<string>() == "Running"));
    }

    [Fact]
    public async Task Vanish_Cluster_IsGoneForGoogleAndItsStreamsBreakUntilItComesBack()
    {
        using var watch = await _sandbox.WatchAsync("api/v1/namespaces?watch=true");
        await _sandbox.OrderAsync("- { name: gone, at: 0s, vanish: { cluster: mesh-a } }");

        await Assert.ThrowsAnyAsync<Exception>(() => _sandbox.KubeAsync("GET", "version"));
        Assert.Equal(404, (await _sandbox.GetAsync(MeshA)).Status);
        Assert.DoesNotContain("mesh-a", (await _sandbox.GetAsync(Clusters)).Body.ToJsonString(), StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<IOException>(() => watch.ReadToEndAsync(Token));
        _sandbox.Host.Cancel("gone");

        Assert.Equal(200, (await _sandbox.GetAsync(MeshA)).Status);
        Assert.Equal(200, (await _sandbox.KubeAsync("GET", "version")).Status);
    }

    [Fact]
    public async Task Vanish_ServerAlone_AtACallAndForAWhile_ComesBackByItself()
    {
        await _sandbox.OrderAsync("- { match: { api: container, method: clusters.get }, vanish: { cluster: mesh-a, what: api-server, for: 200ms } }");

        Assert.Equal(200, (await _sandbox.KubeAsync("GET", "version")).Status);
        Assert.Equal(200, (await _sandbox.GetAsync(MeshA)).Status);
        await Assert.ThrowsAnyAsync<Exception>(() => _sandbox.KubeAsync("GET", "version"));
        Assert.Equal(503, (await _sandbox.GatewayAsync("version")).Status);

        await _sandbox.KubeUntilAsync("version", version => version["major"] is not null);
    }

    [Fact]
    public async Task Stale_ReadAfterAWrite_AnswersWhatItDidBefore()
    {
        await _sandbox.OrderAsync("- { name: lag, match: { api: container, method: clusters.get }, stale: { for: 1h } }");

        var before = await _sandbox.GetAsync(MeshA);
        await _sandbox.EndAsync(await _sandbox.LabelAsync("team", "red"));
        var stale = await _sandbox.GetAsync(MeshA);
        _sandbox.Host.Cancel("lag");
        var fresh = await _sandbox.GetAsync(MeshA);

        Assert.Equal(before.Body["labelFingerprint"]!.ToString(), stale.Body["labelFingerprint"]!.ToString());
        Assert.Null(stale.Body["resourceLabels"]?["team"]);
        Assert.Equal("red", fresh.Body["resourceLabels"]?["team"]?.GetValue<string>());
    }

    [Fact]
    public async Task OtherWriter_Etag_IsStaleWhenTheWriteComes()
    {
        await _sandbox.OrderAsync("- { match: { api: cloudresourcemanager, method: projects.setIamPolicy }, times: 1, otherWriter: true }");
        var read = (await _sandbox.SendAsync("POST", $"{Policy}:getIamPolicy", "{}")).Body;

        var lost = await _sandbox.SendAsync("POST", $"{Policy}:setIamPolicy", new JsonObject { ["policy"] = read.DeepClone() }.ToJsonString());
        var now = (await _sandbox.SendAsync("POST", $"{Policy}:getIamPolicy", "{}")).Body;

        Assert.Equal((409, "ABORTED"), (lost.Status, lost.Body["error"]!["status"]!.GetValue<string>()));
        Assert.Contains($"user:{OtherHands.Mark}-1@example.com", now.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(_sandbox.Host.Journal(), entry => entry.Principal == OtherHands.Somebody && entry.Effects.Count > 0);
    }

    [Fact]
    public async Task OtherWriter_OfAnObject_MakesAnUpdateAConflict()
    {
        await _sandbox.OrderAsync("- { match: { api: kubernetes, method: update namespaces, cluster: mesh-a }, times: 1, otherWriter: true }");
        var read = (await _sandbox.KubeAsync("GET", "api/v1/namespaces/default")).Body;

        Assert.Equal(409, (await _sandbox.KubeAsync("PUT", "api/v1/namespaces/default", read.ToJsonString())).Status);
    }

    [Fact]
    public async Task OtherWriter_OfClusterLabels_MakesTheFingerprintOld()
    {
        await _sandbox.OrderAsync("- { match: { api: container, method: clusters.setResourceLabels }, times: 1, otherWriter: true }");

        Assert.Equal(400, (await _sandbox.TryLabelAsync("team", "red")).Status);
        Assert.Contains(_sandbox.Host.Journal(), entry => entry is { Method: "clusters.setResourceLabels", Principal: OtherHands.Somebody, Status: 200 });
    }

    [Fact]
    public async Task ExpireToken_Once_OnlyAFreshTokenHelps()
    {
        await _sandbox.OrderAsync("- { match: { api: container }, times: 1, expireToken: true }");
        var token = _sandbox.Host.TokenFor("user:owner@example.com");

        var expired = await _sandbox.SendAsync("GET", MeshA, null, token);
        var again = await _sandbox.SendAsync("GET", MeshA, null, token);

        Assert.Equal([401, 401], [expired.Status, again.Status]);
        Assert.Contains("ACCESS_TOKEN_EXPIRED", expired.Body.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(200, (await _sandbox.GetAsync(MeshA)).Status);
    }

    [Fact]
    public async Task Partial_ListOverAllLocations_LeavesOneOutAndSaysSo()
    {
        await _sandbox.OrderAsync("- { match: { api: container }, partial: {} }\n- { match: { api: gkehub }, partial: { locations: [us-east5] } }");

        var clusters = (await _sandbox.GetAsync(Clusters)).Body;
        var members = (await _sandbox.GetAsync("gkehub/v1/projects/demo-fleet/locations/-/memberships")).Body;

        var missing = Assert.Single(clusters["missingZones"]!.AsArray())!.GetValue<string>();
        Assert.DoesNotContain(clusters["clusters"]?.AsArray() ?? [], cluster => cluster!["location"]!.GetValue<string>() == missing);
        Assert.Equal("""["projects/demo-fleet/locations/us-east5"]""", members["unreachable"]!.ToJsonString());
    }

    [Fact]
    public async Task Propagation_OfAnApi_IsSlowUntilTheFaultIsTakenBack()
    {
        const string Service = "serviceusage/v1/projects/demo-apps/services/meshconfig.googleapis.com";
        await _sandbox.OrderAsync("- { name: slow, match: { project: demo-apps }, propagation: { apis: 1h } }");

        Assert.Equal(200, (await _sandbox.SendAsync("POST", $"{Service}:enable", "{}")).Status);
        while ((await _sandbox.GetAsync(Service)).Body["state"]?.GetValue<string>() != "ENABLED")
        {
            await Task.Yield();
        }

        var slow = await InitializeAsync();
        Assert.Equal(403, slow.Status);
        Assert.Contains("SERVICE_DISABLED", slow.Body.ToJsonString(), StringComparison.Ordinal);
        _sandbox.Host.Cancel("slow");
        Assert.Equal(200, (await InitializeAsync()).Status);

        Task<FaultsUnderTest.Reply> InitializeAsync() => _sandbox.SendAsync("POST", "meshconfig/v1alpha1/projects/demo-apps:initialize", "{}");
    }

    [Fact]
    public async Task Edit_ByAHuman_IsACallOfTheirOwn()
    {
        await _sandbox.OrderAsync("""
            - match: { api: container, method: clusters.get }
              edit: { cluster: mesh-a, as: "user:owner@example.com", path: /api/v1/namespaces/default, body: { metadata: { labels: { team: red } } }, when: after }
            """);

        await _sandbox.GetAsync(MeshA);

        Assert.Equal("red", (await _sandbox.KubeAsync("GET", "api/v1/namespaces/default")).Body["metadata"]!["labels"]!["team"]!.GetValue<string>());
        Assert.Contains(_sandbox.Host.Journal(), entry => entry is { Method: "patch namespaces", Principal: "user:owner@example.com", Status: 200 });
    }

    [Theory]
    [InlineData("- { match: { api: gkehbu }, expireToken: true }", "faults[0].match.api: there is no API 'gkehbu': write one of cloudresourcemanager, ")]
    [InlineData("- { match: { api: gkehub, method: memberships.make }, expireToken: true }", "faults[0].match.method: there is no method 'memberships.make': write one of features.create, ")]
    [InlineData("- { match: { cluster: mesh-z }, expireToken: true }", "faults[0].match.cluster: the world has no cluster 'mesh-z': write one of mesh-a, mesh-b")]
    [InlineData("- { match: { project: p9 }, expireToken: true }", "faults[0].match.project: the world has no project 'p9': write one of ")]
    [InlineData("- { match: { api: kubernetes, method: make pods }, expireToken: true }", "faults[0].match.method: 'make pods' begins with no verb: write one of get, ")]
    [InlineData("- { match: { api: compute, method: firewalls.insert }, otherWriter: true }", "faults[0].otherWriter: nobody else can write what that is about")]
    [InlineData("- { match: { api: compute }, partial: {} }", "faults[0].partial: only lists of container, gkehub and privateca tell what they miss")]
    [InlineData("- { match: { api: kubernetes }, operation: { end: never } }", "faults[0].operation: Kubernetes has no operations")]
    public async Task Order_AboutWhatIsNotThere_IsRefusedAndNothingIsOrdered(string fault, string problem)
    {
        using var admin = SandboxAdmin.Of(_sandbox.Folder);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => admin.OrderAsync($"faults:\n{fault}\n", Token));

        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
        Assert.Empty(await admin.FaultsAsync(Token));
    }

    [Fact]
    public async Task Order_OverTheAdminEndpoint_ReplacesThePlanAndClearTakesAllBack()
    {
        using var admin = SandboxAdmin.Of(_sandbox.Folder);

        await admin.OrderAsync("faults:\n- { name: one, expireToken: true }\n", Token);
        var second = await admin.OrderAsync("""{"faults":[{"name":"two","match":{"api":"container"},"refuse":{"status":500}}]}""", Token);
        Assert.Equal("two", Assert.Single(second).Name);
        Assert.Equal(500, (await _sandbox.GetAsync(MeshA)).Status);
        await admin.CancelFaultsAsync(Token);

        Assert.Equal(200, (await _sandbox.GetAsync(MeshA)).Status);
    }
}
