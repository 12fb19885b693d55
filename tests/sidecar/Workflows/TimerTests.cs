using MeshWorkflow.Sidecar.Hosting;
using MeshWorkflow.Sidecar.Looks;
using MeshWorkflow.WorkflowContracts;
using Microsoft.Extensions.Time.Testing;

namespace MeshWorkflow.Tests.Workflows;

/// <summary>Durable timers, near and far.</summary>
public sealed class TimerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meshwf-timers-").FullName;

    [Fact]
    public async Task Timer_FarAway_FiresInItsTime()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var sidecar = await SidecarHost.StartAsync(
            new SidecarOptions { StateFile = Path.Combine(_folder, "state.db"), Apps = [new SidecarApp { Id = "a" }], Time = time },
            TestSidecar.Cancellation);
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(sidecar.Apps["a"].GrpcAddress);
        var client = new TaskHubSidecarService.TaskHubSidecarServiceClient(channel);
        using var worker = await RawWorker.ConnectAsync(client);
        var start = client.StartInstanceAsync(new CreateInstanceRequest { InstanceId = "i", Name = "w" });
        var due = time.GetUtcNow().AddHours(5);
        await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Timer(0, due));
        await start;
        var turn = worker.NextTurnAsync();
        for (var hour = 0; hour < 4; hour++)
        {
            time.Advance(TimeSpan.FromHours(1));
        }

        Assert.False(turn.IsCompleted);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, (await turn).WorkflowRequest.NewEvents[^1].TimerFired.TimerId);
    }

    [Fact]
    public async Task EventWait_EndedByItsEvent_IsNoLongerShown_AndItsTimerStays()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("i");
        var soon = TimeProvider.System.GetUtcNow().AddSeconds(1);
        await worker.AnswerAsync(await worker.NextTurnAsync(), Wait(0, "go", soon), Wait(1, "other", soon.AddHours(1)));
        await sidecar.Client().RaiseEventAsync(new RaiseEventRequest { InstanceId = "i", Name = "GO" });
        await worker.AnswerAsync(await worker.NextTurnAsync());
        using (var view = StateView.Open(sidecar.StateFile))
        {
            Assert.Equal(["other"], view.Show("a", "i")!.Waits.Select(wait => wait.What));
        }

        // Another wait for the same name, one without an end, may have got the event: the timer may still be needed.
        Assert.Equal(0, (await worker.NextTurnAsync()).WorkflowRequest.NewEvents[^1].TimerFired.TimerId);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static WorkflowAction Wait(int id, string name, DateTimeOffset until)
    {
        var wait = Act.Timer(id, until);
        wait.CreateTimer.ExternalEvent = new TimerOriginExternalEvent { Name = name };
        return wait;
    }
}
