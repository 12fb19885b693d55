using System.Globalization;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes;

/// <summary>What a long life and many watchers may take: bounded, whoever does or does not read.</summary>
[Collection(nameof(AloneInTheProcess))]
public sealed class BoundsTests
{
    private const string Maps = "/api/v1/namespaces/default/configmaps";

    // Without bounds it would be more than four hundred.
    private const long Tolerance = 32 * 1024 * 1024;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("? [a]\n: ")]
    public async Task Create_YamlThatIsNoObject_IsTheCallersMistake(string opening)
    {
        await using var cluster = await ClusterUnderTest.StartAsync();
        using var content = new StringContent(string.Concat(Enumerable.Repeat(opening, 100_000)), System.Text.Encoding.UTF8, "application/yaml");

        using var response = await cluster.Http.PostAsync(new Uri(Maps, UriKind.Relative), content, Token);

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Watch_NobodyReads_EndsBeforeItTakesMuch()
    {
        await using var cluster = await ClusterUnderTest.StartAsync();
        using var response = await cluster.Http.GetAsync(
            new Uri($"{Maps}?watch=true&allowWatchBookmarks=true&timeoutSeconds=600", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Token);
        var large = new string('x', 200_000);
        const int Writes = 150;

        for (var write = 0; write < Writes; write++)
        {
            await cluster.DoAsync("POST", Maps, Map(write, large));
        }

        // Now somebody reads: the stream has an end, without what came after it, and does not say that it had seen that.
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
        var lines = new List<string>();
        while (await reader.ReadLineAsync(Token) is { } line)
        {
            lines.Add(line);
        }

        Assert.InRange(lines.Count, 1, Writes - 1);
        Assert.All(lines, line => Assert.Equal("ADDED", JsonNode.Parse(line)?["type"]?.GetValue<string>()));
    }

    [Fact]
    public async Task Watch_FromAnOldChange_ShowsAllSince()
    {
        await using var cluster = await ClusterUnderTest.StartAsync();
        var first = (await cluster.DoAsync("POST", Maps, Map(0, "text")))["metadata"]?["resourceVersion"]?.GetValue<string>();
        for (var write = 1; write < 100; write++)
        {
            await cluster.DoAsync("POST", Maps, Map(write, "text"));
        }

        await cluster.DoAsync("DELETE", $"{Maps}/map-7");
        var text = await cluster.Http.GetStringAsync(new Uri($"{Maps}?watch=true&resourceVersion={first}&timeoutSeconds=1", UriKind.Relative), Token);
        var events = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)).ToList();

        Assert.Equal(100, events.Count);
        Assert.Equal(Enumerable.Range(1, 99).Select(number => $"map-{number}").Append("map-7"), events.Select(NameOf));
        Assert.Equal("DELETED", events[^1]?["type"]?.GetValue<string>());
        Assert.Equal("text", events[0]?["object"]?["data"]?["text"]?.GetValue<string>());
    }

    [Fact(Timeout = 120_000)]
    public async Task Writes_ManyWithWatchersThatComeAndGo_MemoryStaysFlat()
    {
        await using var cluster = await ClusterUnderTest.StartAsync();
        await WriteAsync(cluster);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var round = 0; round < 4; round++)
        {
            var watchers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => cluster.Http.GetAsync(
                new Uri($"{Maps}?watch=true&timeoutSeconds=600", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Token)));
            await WriteAsync(cluster);
            foreach (var watcher in watchers)
            {
                watcher.Dispose();
            }
        }

        // A connection that was closed takes a moment to end.
        while (GC.GetTotalMemory(forceFullCollection: true) - before > Tolerance)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    // Made and deleted 250 times: five megabytes of objects that nobody needs any more.
    private static async Task WriteAsync(ClusterUnderTest cluster)
    {
        for (var turn = 0; turn < 250; turn++)
        {
            await cluster.DoAsync("POST", Maps, Map(0, new string('y', 20_000)));
            await cluster.DoAsync("DELETE", $"{Maps}/map-0");
        }
    }

    private static string Map(int number, string text) => new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = string.Create(CultureInfo.InvariantCulture, $"map-{number}") },
        ["data"] = new JsonObject { ["text"] = text },
    }.ToJsonString();

    private static string? NameOf(JsonNode? happened) => happened?["object"]?["metadata"]?["name"]?.GetValue<string>();
}

/// <summary>Tests that look at the process's memory run while no other does.</summary>
[CollectionDefinition(nameof(AloneInTheProcess), DisableParallelization = true)]
public sealed class AloneInTheProcess;
