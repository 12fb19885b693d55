namespace MeshWorkflow.Tests.Sandbox.Kubernetes;

public sealed class DeletionsTests : IAsyncLifetime
{
    private const string Maps = "/api/v1/namespaces/default/configmaps";
    private ClusterUnderTest _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await ClusterUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Delete_Owner_TakesWhatItOwnedAlong()
    {
        await OwnAsync();

        await _cluster.DoAsync("DELETE", $"{Maps}/owner");

        await _cluster.UntilAsync($"{Maps}/owned", (status, _) => status == 404);
    }

    [Fact]
    public async Task Delete_OwnerInForeground_WaitsForWhatItOwned()
    {
        await OwnAsync(finalizers: "\"example.com/hold\"");

        await _cluster.DoAsync("DELETE", $"{Maps}/owner?propagationPolicy=Foreground");

        await _cluster.UntilAsync($"{Maps}/owned", (_, body) => body["metadata"]?["deletionTimestamp"] is not null);
        var (status, owner) = await _cluster.SendAsync("GET", $"{Maps}/owner");
        Assert.Equal(200, status);
        Assert.Equal("""["foregroundDeletion"]""", owner["metadata"]!["finalizers"]!.ToJsonString());
        await _cluster.DoAsync("PATCH", $"{Maps}/owned", """{"metadata":{"finalizers":null}}""", "application/merge-patch+json");
        await _cluster.UntilAsync($"{Maps}/owner", (found, _) => found == 404);
    }

    [Fact]
    public async Task Delete_OwnerAsOrphan_LetsGoOfWhatItOwned()
    {
        await OwnAsync();

        await _cluster.DoAsync("DELETE", $"{Maps}/owner", """{"propagationPolicy":"Orphan"}""");

        await _cluster.UntilAsync($"{Maps}/owner", (status, _) => status == 404);
        var owned = await _cluster.DoAsync("GET", $"{Maps}/owned");
        Assert.Null(owned["metadata"]!["ownerReferences"]);
    }

    [Fact]
    public async Task Update_NewFinalizerOfTerminating_IsForbidden()
    {
        await _cluster.DoAsync("POST", Maps, """{"metadata":{"name":"m","finalizers":["example.com/one"]}}""");
        await _cluster.DoAsync("DELETE", $"{Maps}/m");

        var (status, body) = await _cluster.SendAsync(
            "PATCH", $"{Maps}/m", """{"metadata":{"finalizers":["example.com/one","example.com/two"]}}""", "application/merge-patch+json");

        Assert.Equal(422, status);
        Assert.Contains("no new finalizers can be added if the object is being deleted", body["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evict_WithinNoBudget_IsToldToWait()
    {
        await _cluster.DoAsync("POST", "/apis/apps/v1/namespaces/default/deployments", Manifests.Web, "application/yaml");
        await _cluster.DoAsync(
            "POST",
            "/apis/policy/v1/namespaces/default/poddisruptionbudgets",
            """{"metadata":{"name":"b"},"spec":{"minAvailable":2,"selector":{"matchLabels":{"app":"web"}}}}""");
        await _cluster.UntilAsync(
            "/apis/policy/v1/namespaces/default/poddisruptionbudgets/b", (_, body) => body["status"]?["currentHealthy"]?.GetValue<int>() == 2);
        var pods = await _cluster.DoAsync("GET", "/api/v1/namespaces/default/pods");
        var name = pods["items"]![0]!["metadata"]!["name"]!.GetValue<string>();

        var (status, body) = await _cluster.SendAsync(
            "POST",
            $"/api/v1/namespaces/default/pods/{name}/eviction",
            $$"""{"apiVersion":"policy/v1","kind":"Eviction","metadata":{ "name":"{{name}}" } }""");

        Assert.Equal((429, "TooManyRequests"), (status, body["reason"]!.GetValue<string>()));
        Assert.Equal("DisruptionBudget", body["details"]!["causes"]![0]!["reason"]!.GetValue<string>());
    }

    private async Task OwnAsync(string finalizers = "")
    {
        var owner = await _cluster.DoAsync("POST", Maps, """{"metadata":{"name":"owner"}}""");
        await _cluster.DoAsync("POST", Maps, $$"""
            {"metadata":{"name":"owned","finalizers":[{{finalizers}}],"ownerReferences":[
              {"apiVersion":"v1","kind":"ConfigMap","name":"owner","uid":"{{owner["metadata"]!["uid"]}}","blockOwnerDeletion":true } ] } }
            """);
    }
}
