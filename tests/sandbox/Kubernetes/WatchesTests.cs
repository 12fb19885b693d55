using System.Text.Json.Nodes;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes;

public sealed class WatchesTests : IAsyncLifetime
{
    private const string Maps = "/api/v1/namespaces/default/configmaps";
    private ClusterUnderTest _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await ClusterUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Watch_FromAVersion_TellsWhatCameAfter()
    {
        await _cluster.DoAsync("POST", Maps, """{"metadata":{"name":"a","labels":{"app":"x"}}}""");
        var since = (await _cluster.DoAsync("GET", Maps))["metadata"]!["resourceVersion"]!.GetValue<string>();
        await _cluster.DoAsync("POST", Maps, """{"metadata":{"name":"b","labels":{"app":"x"}}}""");
        await _cluster.DoAsync("PATCH", $"{Maps}/a", """{"metadata":{"labels":{"app":"y"}}}""", "application/merge-patch+json");
        await _cluster.DoAsync("DELETE", $"{Maps}/b");

        using var watch = await EventsAsync($"{Maps}?watch=1&resourceVersion={since}&labelSelector=app%3Dx");

        Assert.Equal("ADDED b", await NextAsync(watch));
        Assert.Equal("DELETED a", await NextAsync(watch));
        Assert.Equal("DELETED b", await NextAsync(watch));
    }

    [Fact]
    public async Task Watch_WithoutAVersion_BeginsWithAllThatIsThere()
    {
        await _cluster.DoAsync("POST", Maps, """{"metadata":{"name":"a"}}""");
        using var watch = await EventsAsync($"{Maps}?watch=true&fieldSelector=metadata.name%3Da");
        Assert.Equal("ADDED a", await NextAsync(watch));

        await _cluster.DoAsync("PATCH", $"{Maps}/a", """{"data":{"k":"v"}}""", "application/merge-patch+json");

        Assert.Equal("MODIFIED a", await NextAsync(watch));
    }

    [Fact]
    public async Task Watch_OverInTime_EndsWithABookmark()
    {
        using var watch = await EventsAsync($"{Maps}?watch=true&fieldSelector=metadata.name%3Dnone&timeoutSeconds=1&allowWatchBookmarks=true");

        Assert.Equal("BOOKMARK ", await NextAsync(watch));
        Assert.Null(await watch.ReadLineAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Watch_OfForgottenVersion_IsGone()
    {
        await _cluster.DoAsync("POST", Maps, """{"metadata":{"name":"a"}}""");
        for (var i = 0; i < 2_050; i++)
        {
            await _cluster.DoAsync("PATCH", $"{Maps}/a", $$"""{"data":{ "k":"{{i}}" } }""", "application/merge-patch+json");
        }

        using var watch = await EventsAsync($"{Maps}?watch=true&resourceVersion=1001");

        var told = JsonNode.Parse(await watch.ReadLineAsync(TestContext.Current.CancellationToken) ?? "");
        Assert.Equal(("ERROR", 410, "Expired"), (
            told!["type"]!.GetValue<string>(), told["object"]!["code"]!.GetValue<int>(), told["object"]!["reason"]!.GetValue<string>()));
    }

    [Fact]
    public async Task List_InPages_ShowsEachOnce()
    {
        foreach (var name in (string[])["a", "b", "c"])
        {
            await _cluster.DoAsync("POST", Maps, $$"""{"metadata":{"name":"{{name}}","labels":{ "mine":"" } } }""");
        }

        var names = new List<string>();
        var next = "";
        do
        {
            var page = await _cluster.DoAsync("GET", $"{Maps}?limit=2&labelSelector=mine&continue={Uri.EscapeDataString(next)}");
            names.AddRange(page["items"]!.AsArray().Select(item => item!["metadata"]!["name"]!.GetValue<string>()));
            next = page["metadata"]!["continue"]?.GetValue<string>() ?? "";
        }
        while (next.Length > 0);

        Assert.Equal(["a", "b", "c"], names);
    }

    [Fact]
    public async Task List_MetadataOnly_HasNoData()
    {
        await _cluster.DoAsync("POST", Maps, """{"metadata":{"name":"a"},"data":{"k":"v"}}""");

        var (_, list) = await _cluster.SendAsync(
            "GET", $"{Maps}?fieldSelector=metadata.name%3Da", accept: "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json");

        Assert.Equal("PartialObjectMetadataList", list["kind"]!.GetValue<string>());
        Assert.Null(list["items"]![0]!["data"]);
        Assert.Equal("a", list["items"]![0]!["metadata"]!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task List_MetadataOfNothing_HasNullItems()
    {
        var (_, list) = await _cluster.SendAsync(
            "GET", $"{Maps}?labelSelector=nobody", accept: "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json");

        Assert.True(list.AsObject().ContainsKey("items"));
        Assert.Null(list["items"]);
    }

    private async Task<StreamReader> EventsAsync(string path)
    {
        var response = await _cluster.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(response.IsSuccessStatusCode);
        return new StreamReader(await response.Content.ReadAsStreamAsync());
    }

    private static async Task<string> NextAsync(StreamReader watch)
    {
        var line = await watch.ReadLineAsync(TestContext.Current.CancellationToken);
        var told = JsonNode.Parse(line ?? "{}")!;
        return $"{told["type"]} {told["object"]!["metadata"]!["name"]}";
    }
}
