using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes;

public sealed class ListsTests : IAsyncLifetime
{
    private const string Maps = "/api/v1/namespaces/shop/configmaps";
    private ClusterUnderTest _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await ClusterUnderTest.StartAsync();
        await _cluster.DoAsync("POST", "/api/v1/namespaces", """{"metadata":{"name":"shop"}}""");
        await _cluster.UntilAsync(Maps, (_, list) => Names(list).Count > 0);
        await _cluster.DoAsync("DELETE", Maps);
        await _cluster.UntilAsync(Maps, (_, list) => Names(list).Count == 1);
        foreach (var name in (string[])["a", "b", "c", "d"])
        {
            await WriteAsync(name);
        }
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Continued_WithChangesMeanwhile_ShowsWhatThereWasAtTheStart()
    {
        var first = await _cluster.DoAsync("GET", $"{Maps}?limit=2");
        await _cluster.DoAsync("DELETE", $"{Maps}/c");
        await WriteAsync("bb");
        await _cluster.DoAsync("PATCH", $"{Maps}/d", """{"data":{"text":"new"}}""", "application/merge-patch+json");

        var second = await _cluster.DoAsync("GET", $"{Maps}?limit=50&continue={TokenOf(first)}");
        var now = await _cluster.DoAsync("GET", Maps);

        Assert.Equal(["a", "b"], Names(first));
        Assert.Equal(["c", "d", "kube-root-ca.crt"], Names(second));
        Assert.Null(second["items"]?[1]?["data"]);
        Assert.Equal(VersionOf(first), VersionOf(second));
        Assert.Equal(3, first["metadata"].Number("remainingItemCount"));
        Assert.Equal(["a", "b", "bb", "d", "kube-root-ca.crt"], Names(now));
        Assert.Equal(["a", "b", "c", "d", "kube-root-ca.crt"], Names(await _cluster.DoAsync("GET", $"{Maps}?resourceVersion={VersionOf(first)}&resourceVersionMatch=Exact")));
        Assert.Equal(["a", "b", "bb", "d", "kube-root-ca.crt"], Names(await _cluster.DoAsync("GET", $"{Maps}?resourceVersion={VersionOf(first)}&resourceVersionMatch=NotOlderThan")));
    }

    [Fact]
    public async Task Continued_AfterItIsForgotten_Is410WithATokenToGoOnAsOfNow()
    {
        var first = await _cluster.DoAsync("GET", $"{Maps}?limit=2");
        for (var i = 0; i < 2_010; i++)
        {
            await _cluster.DoAsync("PATCH", $"{Maps}/d", $$$"""{"data":{"text":"{{{i}}}"}}""", "application/merge-patch+json");
        }

        var (status, expired) = await _cluster.SendAsync("GET", $"{Maps}?limit=2&continue={TokenOf(first)}");
        var (exact, tooOld) = await _cluster.SendAsync("GET", $"{Maps}?resourceVersion={VersionOf(first)}&resourceVersionMatch=Exact");

        Assert.Equal((410, "Expired"), (status, expired.Text("reason")));
        Assert.Equal((410, "The resourceVersion for the provided list is too old."), (exact, tooOld.Text("message")));
        Assert.Equal(["c", "d"], Names(await _cluster.DoAsync("GET", $"{Maps}?limit=2&continue={TokenOf(expired)}")));
    }

    [Theory]
    [InlineData("resourceVersionMatch=Exact", 422, "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided")]
    [InlineData("resourceVersion=0&resourceVersionMatch=Exact", 422, "resourceVersionMatch: Forbidden: resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"")]
    [InlineData("resourceVersion=5&resourceVersionMatch=Newer", 422, "resourceVersionMatch: Unsupported value: \"Newer\"")]
    [InlineData("resourceVersion=5&resourceVersionMatch=Exact&continue=x", 422, "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden with continue")]
    [InlineData("resourceVersion=5&continue=x", 400, "specifying resource version is not allowed when using continue")]
    [InlineData("resourceVersion=x", 400, "Invalid value: \"x\": strconv.ParseUint")]
    [InlineData("continue=x", 400, "continue key is not valid")]
    [InlineData("sendInitialEvents=true", 422, "sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list")]
    [InlineData("resourceVersion=99999999", 504, "Timeout: Too large resource version: 99999999, current: ")]
    [InlineData("resourceVersion=99999999&resourceVersionMatch=Exact", 500, "etcdserver: mvcc: required revision is a future revision")]
    [InlineData("watch=true&resourceVersionMatch=NotOlderThan", 422, "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided")]
    [InlineData("watch=true&sendInitialEvents=true", 422, "resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")]
    public async Task Options_ThatContradictEachOther_AreRefusedInTheServersWords(string query, int code, string message)
    {
        var (status, refused) = await _cluster.SendAsync("GET", $"{Maps}?{query}");

        Assert.Equal(code, status);
        Assert.Contains(message, refused.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_OfWhateverVersion_TakesNoNoticeOfTheLimit() =>
        Assert.Equal(5, Names(await _cluster.DoAsync("GET", $"{Maps}?resourceVersion=0&limit=2")).Count);

    private Task<JsonNode> WriteAsync(string name) =>
        _cluster.DoAsync("POST", Maps, $$$"""{"metadata":{"name":"{{{name}}}"}}""");

    private static string VersionOf(JsonNode list) => list["metadata"].Text("resourceVersion");

    private static string TokenOf(JsonNode list) => Uri.EscapeDataString(list["metadata"].Text("continue"));

    private static List<string> Names(JsonNode list) => [.. list.Objects("items").Select(item => item.Name())];
}
