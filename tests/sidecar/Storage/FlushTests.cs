using Grpc.Core;
using Grpc.Net.Client;
using MeshWorkflow.Sidecar.Hosting;
using MeshWorkflow.Sidecar.Looks;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests.Storage;

/// <summary>Nothing is acknowledged before it is on disk; and when the disk fails, nothing is.</summary>
public sealed class FlushTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meshwf-flush-").FullName;

    [Fact]
    public async Task Answers_WhileTheDiskIsSlow_Wait()
    {
        using var disk = new ManualResetEventSlim(initialState: true);
        await using var sidecar = await StartAsync(disk.Wait);
        disk.Reset();
        using var channel = GrpcChannel.ForAddress(sidecar.Apps["a"].GrpcAddress);
        var client = new TaskHubSidecarService.TaskHubSidecarServiceClient(channel);
        using var worker = await RawWorker.ConnectAsync(client);
        var start = client.StartInstanceAsync(new CreateInstanceRequest { InstanceId = "i", Name = "w" }).ResponseAsync;
        var turn = worker.AnswerAsync(await worker.NextTurnAsync(), Act.Activity(0));
        var look = client.GetInstanceAsync(new GetInstanceRequest { InstanceId = "i" }).ResponseAsync;

        // It is committed: work goes on. But nobody has been told.
        await worker.NextActivityAsync();
        Assert.False(start.IsCompleted || turn.IsCompleted || look.IsCompleted);
        disk.Set();
        await Task.WhenAll(start, turn, look);
    }

    [Fact]
    public async Task Activities_ToBeGivenOutAfterTheFlush_WaitForIt()
    {
        using var disk = new ManualResetEventSlim(initialState: true);
        await using var sidecar = await StartAsync(disk.Wait, dispatch: ActivityDispatch.AfterFlush);
        using var channel = GrpcChannel.ForAddress(sidecar.Apps["a"].GrpcAddress);
        var client = new TaskHubSidecarService.TaskHubSidecarServiceClient(channel);
        using var worker = await RawWorker.ConnectAsync(client);
        _ = client.StartInstanceAsync(new CreateInstanceRequest { InstanceId = "i", Name = "w" }).ResponseAsync;
        var turn = await worker.NextTurnAsync();
        disk.Reset();
        var answer = worker.AnswerAsync(turn, Act.Activity(0));
        using (var view = StateView.Open(StateFile))
        {
            while (view.List("a", status: null, limit: 1) is not [{ OpenActivities: 1 }])
            {
                TestSidecar.Cancellation.ThrowIfCancellationRequested();
            }
        }

        // It is committed. What comes later overtakes it while the disk is slow.
        _ = client.StartInstanceAsync(new CreateInstanceRequest { InstanceId = "later", Name = "w" }).ResponseAsync;
        Assert.Equal("later", (await worker.NextTurnAsync()).WorkflowRequest.InstanceId);
        disk.Set();
        await worker.NextActivityAsync();
        await answer;
    }

    [Fact]
    public async Task Acknowledged_IsInWhatWasFlushedBefore()
    {
        // What a loss of power leaves: the file as it was, and its log as far as it was flushed.
        await (await StartAsync(() => { })).DisposeAsync();
        var kept = Path.Combine(_folder, "kept.db");
        File.Copy(StateFile, kept);
        await using var sidecar = await StartAsync(() => { }, () => File.Copy(StateFile + "-wal", kept + "-wal", overwrite: true));
        using var channel = GrpcChannel.ForAddress(sidecar.Apps["a"].GrpcAddress);
        var client = new TaskHubSidecarService.TaskHubSidecarServiceClient(channel);
        using var worker = await RawWorker.ConnectAsync(client);
        var start = client.StartInstanceAsync(new CreateInstanceRequest { InstanceId = "i", Name = "w" }).ResponseAsync;
        await worker.AnswerAsync(await worker.NextTurnAsync());
        await start;
        for (var i = 0; i < 10; i++)
        {
            var name = FormattableString.Invariant($"e{i}");
            await client.RaiseEventAsync(new RaiseEventRequest { InstanceId = "i", Name = name });
            var copy = Path.Combine(_folder, name + ".db");
            File.Copy(kept, copy);
            File.Copy(kept + "-wal", copy + "-wal");
            using var view = StateView.Open(copy);
            Assert.Contains(view.History("a", "i")!, line => line.Type == "EventRaised" && line.Text == name);
        }
    }

    [Fact]
    public async Task Flush_Failing_StopsAllAcknowledgementsUntilTheNextStart()
    {
        var isBroken = false;
        await using (var sidecar = await StartAsync(() =>
        {
            if (Volatile.Read(ref isBroken))
            {
                throw new IOException("the disk is broken");
            }
        }))
        {
            using var channel = GrpcChannel.ForAddress(sidecar.Apps["a"].GrpcAddress);
            var client = new TaskHubSidecarService.TaskHubSidecarServiceClient(channel);
            using var worker = await RawWorker.ConnectAsync(client);
            var start = client.StartInstanceAsync(new CreateInstanceRequest { InstanceId = "i", Name = "w" }).ResponseAsync;
            await worker.AnswerAsync(await worker.NextTurnAsync());
            await start;
            Volatile.Write(ref isBroken, true);
            for (var i = 0; i < 2; i++)
            {
                var refusal = await TestSidecar.RefusalAsync(
                    () => client.RaiseEventAsync(new RaiseEventRequest { InstanceId = "i", Name = "e" }));
                Assert.Equal(StatusCode.Unavailable, refusal.StatusCode);
                Assert.Contains("the disk is broken", refusal.Detail, StringComparison.Ordinal);
            }

            using var http = new HttpClient { BaseAddress = sidecar.Apps["a"].HttpAddress };
            using var health = await http.GetAsync(new Uri("v1.0/healthz", UriKind.Relative), TestSidecar.Cancellation);
            Assert.Contains(
                "could not be flushed", await health.Content.ReadAsStringAsync(TestSidecar.Cancellation), StringComparison.Ordinal);
        }

        await using var next = await StartAsync(() => { });
        using var again = GrpcChannel.ForAddress(next.Apps["a"].GrpcAddress);
        var state = await new TaskHubSidecarService.TaskHubSidecarServiceClient(again).GetInstanceAsync(
            new GetInstanceRequest { InstanceId = "i" });
        Assert.Equal(OrchestrationStatus.Running, state.WorkflowState.WorkflowStatus);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string StateFile => Path.Combine(_folder, "state.db");

    private Task<SidecarHost> StartAsync(
        Action flush, Action? flushed = null, ActivityDispatch dispatch = ActivityDispatch.AfterCommit) => SidecarHost.StartAsync(
        new SidecarOptions
        {
            StateFile = StateFile,
            Apps = [new SidecarApp { Id = "a" }],
            ActivityDispatch = dispatch,
            Flush = file =>
            {
                flush();
                RandomAccess.FlushToDisk(file);
                flushed?.Invoke();
            },
        },
        TestSidecar.Cancellation);
}
