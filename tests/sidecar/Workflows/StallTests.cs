using Grpc.Core;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests.Workflows;

/// <summary>Sections B11, D1 and D5: what keeps an instance from going on, and what cures it.</summary>
public sealed class StallTests
{
    private const int Limit = 100_000;

    [Fact]
    public async Task History_OverTheLimit_StallsUntilTheLimitIsRaised()
    {
        await using var sidecar = await TestSidecar.StartAsync(Limit);
        using (var worker = await sidecar.ConnectAsync())
        {
            _ = sidecar.BeginAsync("i", input: Text(50_000));
            await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Activity(0));
            await worker.AnswerAsync(await worker.NextActivityAsync(), Text(60_000));
            await StalledAsync(sidecar, "i", StalledReason.PayloadSizeExceeded);
            var raise = await TestSidecar.RefusalAsync(() => sidecar.Client().RaiseEventAsync(new RaiseEventRequest { InstanceId = "i", Name = "e" }));
            Assert.Equal((StatusCode.Unknown, "workflow is stalled"), (raise.StatusCode, raise.Detail));
            var purge = await TestSidecar.RefusalAsync(() => sidecar.Client().PurgeInstancesAsync(new PurgeInstancesRequest { InstanceId = "i" }));
            Assert.Equal((StatusCode.Unknown, "workflow is stalled"), (purge.StatusCode, purge.Detail));
        }

        await sidecar.RestartAsync(2 * Limit);
        using var next = await sidecar.ConnectAsync();
        await next.AnswerAsync(await next.NextTurnAsync(), Act.Complete("1"));
        Assert.Equal(OrchestrationStatus.Completed, (await sidecar.EndAsync("i")).WorkflowStatus);
    }

    [Fact]
    public async Task Activity_OverTheLimit_StallsBeforeItIsSent()
    {
        await using var sidecar = await TestSidecar.StartAsync(Limit);
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("i");
        await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Activity(0, input: Text(97_000)));
        await StalledAsync(sidecar, "i", StalledReason.PayloadSizeExceeded);
    }

    [Fact]
    public async Task Message_OverTheLimit_IsExhausted()
    {
        await using var sidecar = await TestSidecar.StartAsync(Limit);
        using var worker = await sidecar.ConnectAsync();
        var refusal = await TestSidecar.RefusalAsync(() => sidecar.Client().StartInstanceAsync(
            new CreateInstanceRequest { InstanceId = "i", Name = "w", Input = Text(Limit) }));
        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
    }

    [Fact]
    public async Task Patches_OfAnOlderWorker_StallUntilANewerOneConnects()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using (var worker = await sidecar.ConnectAsync())
        {
            _ = sidecar.BeginAsync("i");
            await RespondAsync(worker, await worker.NextTurnAsync(), ["p1"], Act.Activity(0));
            await worker.AnswerAsync(await worker.NextActivityAsync(), "1");
            await RespondAsync(worker, await worker.NextTurnAsync(), [], Act.Complete());
            await StalledAsync(sidecar, "i", StalledReason.PatchMismatch);
        }

        using var next = await sidecar.ConnectAsync();
        await RespondAsync(next, await next.NextTurnAsync(), ["p1", "p2"], Act.Complete("1"));
        Assert.Equal(OrchestrationStatus.Completed, (await sidecar.EndAsync("i")).WorkflowStatus);
    }

    [Fact]
    public async Task Version_NotAvailable_StallsAndCanBeTerminated()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("i");
        await worker.AnswerAsync(
            await worker.NextTurnAsync(), new WorkflowAction { WorkflowVersionNotAvailable = new WorkflowVersionNotAvailableAction() });
        await StalledAsync(sidecar, "i", StalledReason.VersionNotAvailable);
        await sidecar.Client().TerminateInstanceAsync(new TerminateRequest { InstanceId = "i" });
        Assert.Equal(OrchestrationStatus.Terminated, await sidecar.StatusAsync("i"));
    }

    private static async Task StalledAsync(TestSidecar sidecar, string id, StalledReason reason)
    {
        // Answers are on disk when they are acknowledged; a turn that no worker sees is stored a little later.
        while (await sidecar.StatusAsync(id) is not OrchestrationStatus.Stalled)
        {
            TestSidecar.Cancellation.ThrowIfCancellationRequested();
        }

        var history = await sidecar.Client().GetInstanceHistoryAsync(new GetInstanceHistoryRequest { InstanceId = id });
        Assert.Equal(reason, history.Events[^1].ExecutionStalled.Reason);
        Assert.NotEmpty(history.Events[^1].ExecutionStalled.Description);
    }

    private static Task RespondAsync(RawWorker worker, WorkItem turn, string[] patches, params WorkflowAction[] actions) =>
        worker.RespondAsync(new WorkflowResponse
        {
            InstanceId = turn.WorkflowRequest.InstanceId,
            CompletionToken = turn.CompletionToken,
            Version = new WorkflowVersion { Name = "w", Patches = { patches } },
            Actions = { actions },
        });

    private static string Text(int length) => $"\"{new string('x', length)}\"";
}
