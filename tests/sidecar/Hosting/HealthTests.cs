using System.Net;
using System.Text.Json;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests.Hosting;

/// <summary>The health endpoint says which part is not well.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task Parts_WhenAllIsWell_SaySo()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        var (isWell, parts) = await PartsAsync(sidecar);
        Assert.True(isWell);
        Assert.Equal(["disk", "dispatcher", "instances", "storage", "workers of a", "workers of b"], parts.Keys.Order());
    }

    [Fact]
    public async Task Parts_WorkWithoutAWorker_NameTheApp()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using (var worker = await sidecar.ConnectAsync())
        {
            _ = sidecar.BeginAsync("i");
            await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Activity(0, app: "b"));
        }

        var (isWell, parts) = await PartsAsync(sidecar);
        Assert.False(isWell);
        Assert.Equal(["workers of b"], NotWell(parts));
        Assert.StartsWith("1 pieces of work wait since", parts["workers of b"].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parts_StalledInstance_IsCounted()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("i");
        await worker.AnswerAsync(await worker.NextTurnAsync(), new WorkflowAction { WorkflowVersionNotAvailable = new() });
        var (_, parts) = await PartsAsync(sidecar);
        Assert.Equal(["instances"], NotWell(parts));
        Assert.Equal("1 are active, 1 of them stalled", parts["instances"].Detail);
    }

    private static IEnumerable<string> NotWell(Dictionary<string, (bool IsWell, string Detail)> parts) =>
        parts.Where(part => !part.Value.IsWell).Select(part => part.Key);

    private static async Task<(bool IsWell, Dictionary<string, (bool IsWell, string Detail)> Parts)> PartsAsync(TestSidecar sidecar)
    {
        using var http = new HttpClient { BaseAddress = sidecar.Host.Apps["a"].HttpAddress };
        using var answer = await http.GetAsync(new Uri("v1.0/healthz/parts", UriKind.Relative), TestSidecar.Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestSidecar.Cancellation));
        return (json.RootElement.GetProperty("isWell").GetBoolean(), json.RootElement.GetProperty("parts").EnumerateArray().ToDictionary(
            part => part.GetProperty("part").GetString() ?? "",
            part => (part.GetProperty("isWell").GetBoolean(), part.GetProperty("detail").GetString() ?? "")));
    }
}
