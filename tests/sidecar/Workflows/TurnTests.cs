using Grpc.Core;
using MeshWorkflow.WorkflowContracts;
using Event = MeshWorkflow.WorkflowContracts.HistoryEvent.EventTypeOneofCase;

namespace MeshWorkflow.Tests.Workflows;

/// <summary>Sections A4 and D3 of the contract: what workers get, and what becomes of what they answer.</summary>
public sealed class TurnTests
{
    [Fact]
    public async Task Turns_OfAnActivity_CarryTheWholeHistory()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("i", input: "\"in\"");

        var first = await worker.NextTurnAsync();
        Assert.Empty(first.WorkflowRequest.PastEvents);
        Assert.Equal([Event.WorkflowStarted, Event.ExecutionStarted], first.WorkflowRequest.NewEvents.Select(e => e.EventTypeCase));
        Assert.All(first.WorkflowRequest.NewEvents, e => Assert.Equal(-1, e.EventId));
        Assert.Equal("a", first.WorkflowRequest.NewEvents[1].Router.SourceAppID);
        Assert.Equal(first.WorkflowRequest.ExecutionId, first.WorkflowRequest.NewEvents[1].ExecutionStarted.WorkflowInstance.ExecutionId);
        await worker.AnswerAsync(first, Act.Activity(0, input: "\"x\""));

        var activity = await worker.NextActivityAsync();
        Assert.Equal(("x", "\"x\"", 0, "key-0", "i"), (
            activity.ActivityRequest.Name,
            activity.ActivityRequest.Input,
            activity.ActivityRequest.TaskId,
            activity.ActivityRequest.TaskExecutionId,
            activity.ActivityRequest.WorkflowInstance.InstanceId));
        await worker.AnswerAsync(activity, "\"y\"");

        var second = await worker.NextTurnAsync();
        Assert.Equal(
            [Event.WorkflowStarted, Event.ExecutionStarted, Event.TaskScheduled],
            second.WorkflowRequest.PastEvents.Select(e => e.EventTypeCase));
        Assert.Equal([Event.WorkflowStarted, Event.TaskCompleted], second.WorkflowRequest.NewEvents.Select(e => e.EventTypeCase));
        await worker.AnswerAsync(second, Act.Complete("\"z\""));
        Assert.Equal("\"z\"", (await sidecar.EndAsync("i")).Output);
    }

    [Fact]
    public async Task Answer_WithoutToken_ByTheOldName_IsTaken()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("i");
        await worker.NextTurnAsync();
        await sidecar.Client().CompleteOrchestratorTaskAsync(new WorkflowResponse { InstanceId = "i", Actions = { Act.Activity(3) } });
        await worker.NextActivityAsync();
        await sidecar.Client().CompleteActivityTaskAsync(new ActivityResponse { InstanceId = "i", TaskId = 3, Result = "1" });
        Assert.Equal(3, (await worker.NextTurnAsync()).WorkflowRequest.NewEvents[1].TaskCompleted.TaskScheduledId);
    }

    [Fact]
    public async Task Answer_ThatNobodyWaitsFor_IsIgnored()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        await worker.RespondAsync(new WorkflowResponse { InstanceId = "nobody", CompletionToken = "t" });
        await sidecar.Client().CompleteActivityTaskAsync(new ActivityResponse { InstanceId = "nobody", TaskId = 1 });
    }

    [Fact]
    public async Task Actions_SentAgain_AreDropped()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("i");
        await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Activity(0), Act.Activity(0));
        await worker.AnswerAsync(await worker.NextActivityAsync(), "1");
        await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Activity(0), Act.Activity(1, "second"));
        Assert.Equal("second", (await worker.NextActivityAsync()).ActivityRequest.Name);
    }

    [Fact]
    public async Task Complete_Twice_TheFirstWins()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("i");
        await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Complete("1"), Act.Complete("2", OrchestrationStatus.Failed));
        var state = await sidecar.EndAsync("i");
        Assert.Equal((OrchestrationStatus.Completed, "1"), (state.WorkflowStatus, state.Output));
    }

    [Fact]
    public async Task Answer_ThatCantBeCarriedOut_IsRefusedAndTheTurnDeliveredAgain()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("i");
        var turn = await worker.NextTurnAsync();
        var unknown = new WorkflowAction { Id = 1, CreateDetachedWorkflow = new CreateDetachedWorkflowAction { Name = "x" } };
        var refusal = await Assert.ThrowsAsync<RpcException>(() => worker.AnswerAsync(turn, unknown));
        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
        await Assert.ThrowsAsync<RpcException>(async () =>
            await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Complete(status: OrchestrationStatus.Running)));
        await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Complete("1"));
        Assert.Equal("1", (await sidecar.EndAsync("i")).Output);
    }

    [Fact]
    public async Task ContinueAsNew_WithWorkInTheSameTurn_DropsItAndCarriesEvents()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("i", input: "0");
        var first = await worker.NextTurnAsync();
        await worker.AnswerAsync(first);
        await sidecar.Client().RaiseEventAsync(new RaiseEventRequest { InstanceId = "i", Name = "e", Input = "5" });
        var turn = await worker.NextTurnAsync();
        var raised = turn.WorkflowRequest.NewEvents[1];
        await worker.AnswerAsync(turn, Act.Activity(0), Act.ContinueAsNew("1", raised));

        var next = await worker.NextTurnAsync();
        Assert.Empty(next.WorkflowRequest.PastEvents);
        Assert.Equal(
            [Event.WorkflowStarted, Event.ExecutionStarted, Event.EventRaised],
            next.WorkflowRequest.NewEvents.Select(e => e.EventTypeCase));
        Assert.Equal("1", next.WorkflowRequest.NewEvents[1].ExecutionStarted.Input);
        Assert.Equal(raised, next.WorkflowRequest.NewEvents[2]);
        Assert.NotEqual(first.WorkflowRequest.ExecutionId, next.WorkflowRequest.ExecutionId);
    }

    [Fact]
    public async Task SendEvent_ToAnotherInstance_IsDelivered()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("receiver");
        await worker.AnswerAsync(await worker.NextTurnAsync());
        _ = sidecar.BeginAsync("sender");
        await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Send(0, "receiver", "hello"), Act.Send(1, "nobody", "lost"), Act.Complete());
        var turn = await worker.NextTurnAsync();
        Assert.Equal(("receiver", "hello"), (turn.WorkflowRequest.InstanceId, turn.WorkflowRequest.NewEvents[1].EventRaised.Name));
        var history = await sidecar.Client().GetInstanceHistoryAsync(new GetInstanceHistoryRequest { InstanceId = "sender" });
        Assert.Equal(2, history.Events.Count(e => e.EventSent is not null));
    }

    [Fact]
    public async Task CustomStatus_NotSentAgain_IsCleared()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("i");
        var turn = await worker.NextTurnAsync();
        await worker.RespondAsync(new WorkflowResponse { InstanceId = "i", CompletionToken = turn.CompletionToken, CustomStatus = "\"s\"" });
        Assert.Equal("\"s\"", (await sidecar.StateAsync("i")).CustomStatus);
        await sidecar.Client().RaiseEventAsync(new RaiseEventRequest { InstanceId = "i", Name = "e" });
        await worker.AnswerAsync(await worker.NextTurnAsync());
        Assert.Null((await sidecar.StateAsync("i")).CustomStatus);
    }

    [Fact]
    public async Task Terminated_InABatch_EndsWithTheGivenOutput()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("i");
        await worker.NextTurnAsync();

        // The worker is still at the first turn; it is not asked.
        await sidecar.Client().TerminateInstanceAsync(new TerminateRequest { InstanceId = "i", Output = "\"bye\"", Recursive = true });
        var state = await sidecar.StateAsync("i");
        Assert.Equal((OrchestrationStatus.Terminated, "\"bye\""), (state.WorkflowStatus, state.Output));
    }
}
