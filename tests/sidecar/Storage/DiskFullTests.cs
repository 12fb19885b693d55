using System.Globalization;
using System.Net;
using Grpc.Core;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests.Storage;

/// <summary>A full disk, by SQLite's page limit: nothing more is accepted, nothing is lost, and it goes on when there is room.</summary>
public sealed class DiskFullTests
{
    [Fact]
    public async Task Disk_Full_RefusesAndGoesOnWhenThereIsRoom()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        var client = sidecar.Client();
        _ = sidecar.BeginAsync("i");
        await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Activity(0));
        var activity = await worker.NextActivityAsync();

        await LimitAsync(sidecar);
        var accepted = 0;
        Status? refusal = null;
        while (refusal is null)
        {
            try
            {
                await client.RaiseEventAsync(new RaiseEventRequest { InstanceId = "i", Name = Name(accepted), Input = new string('x', 20_000) });
                accepted++;
                await worker.AnswerAsync(await worker.NextTurnAsync());
            }
            catch (RpcException exception)
            {
                refusal = exception.Status;
            }
        }

        Assert.Equal(StatusCode.ResourceExhausted, refusal.Value.StatusCode);
        Assert.Contains("disk is full", refusal.Value.Detail, StringComparison.Ordinal);
        using var http = new HttpClient { BaseAddress = sidecar.Host.Apps["a"].HttpAddress };
        var health = await http.GetAsync(new Uri("v1.0/healthz", UriKind.Relative), TestSidecar.Cancellation);
        Assert.Equal(HttpStatusCode.InternalServerError, health.StatusCode);
        Assert.Contains("full", await health.Content.ReadAsStringAsync(TestSidecar.Cancellation), StringComparison.Ordinal);
        using var parts = await http.GetAsync(new Uri("v1.0/healthz/parts", UriKind.Relative), TestSidecar.Cancellation);
        Assert.Equal(HttpStatusCode.InternalServerError, parts.StatusCode);
        Assert.Matches(
            "\"part\":\"storage\",\"isWell\":false,\"detail\":\"[^\"]*full", await parts.Content.ReadAsStringAsync(TestSidecar.Cancellation));

        await sidecar.Host.Database.CommitAsync(writer => writer.Scalar("PRAGMA max_page_count = 1000000"));
        await worker.AnswerAsync(activity, "1");
        var turn = await worker.NextTurnAsync();
        while (!turn.WorkflowRequest.NewEvents.Any(e => e.TaskCompleted is not null))
        {
            await worker.AnswerAsync(turn);
            turn = await worker.NextTurnAsync();
        }

        await worker.AnswerAsync(turn, Act.Complete());
        await sidecar.EndAsync("i");
        var history = await client.GetInstanceHistoryAsync(new GetInstanceHistoryRequest { InstanceId = "i" });
        var raised = history.Events.Where(e => e.EventRaised is not null).Select(e => e.EventRaised.Name).ToList();

        // The last one can have been stored and its turn refused: then it is there as well, once.
        Assert.Equal(Enumerable.Range(0, raised.Count).Select(Name), raised);
        Assert.InRange(raised.Count, accepted, accepted + 1);
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"e{number}");

    // As many pages as there are, and a few more.
    private static async Task LimitAsync(TestSidecar sidecar)
    {
        var pages = await sidecar.Host.Database.CommitAsync(writer => writer.Scalar("PRAGMA page_count") ?? 0L);
        await sidecar.Host.Database.CommitAsync(writer =>
            writer.Scalar(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {pages + 10}")));
    }
}
