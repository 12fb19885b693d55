using Grpc.Core;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests.Workflows;

/// <summary>Section D4: running an ended instance again from an event on.</summary>
public sealed class RerunTests
{
    [Fact]
    public async Task Rerun_FromAnActivity_RepeatsItAndWhatHadNotEnded()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        await RunAsync(sidecar, worker);

        var rerun = await sidecar.Client().RerunWorkflowFromEventAsync(new RerunWorkflowFromEventRequest
        {
            SourceInstanceID = "i",
            EventID = 2,
            NewInstanceID = "again",
            OverwriteInput = true,
            Input = "\"new\"",
        });
        Assert.Equal("again", rerun.NewInstanceID);
        Assert.Equal(OrchestrationStatus.Running, await sidecar.StatusAsync("again"));
        var repeated = new[] { await worker.NextActivityAsync(), await worker.NextActivityAsync() };
        Assert.Equal([(1, ""), (2, "\"new\"")], repeated.Select(item => (item.ActivityRequest.TaskId, item.ActivityRequest.Input ?? "")));
        Assert.All(repeated, item => Assert.Equal("again", item.ActivityRequest.WorkflowInstance.InstanceId));
        await worker.AnswerAsync(repeated[1], "9");
        var turn = await worker.NextTurnAsync();
        Assert.Equal("again", turn.WorkflowRequest.PastEvents[1].ExecutionStarted.WorkflowInstance.InstanceId);
        Assert.Equal("i", turn.WorkflowRequest.PastEvents[^1].TaskScheduled.RerunParentInstanceInfo.InstanceID);
        Assert.Single(turn.WorkflowRequest.PastEvents, e => e.TaskCompleted is not null);
        await worker.AnswerAsync(turn, Act.Complete("\"second\""));
        Assert.Equal("\"second\"", (await sidecar.EndAsync("again")).Output);
        Assert.Equal("\"first\"", (await sidecar.StateAsync("i")).Output);
    }

    [Fact]
    public async Task Rerun_FromAChild_StartsItUnderANewId()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("p");
        await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Child(0, "c"));
        await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Complete("1"));
        await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Complete());
        await sidecar.EndAsync("p");
        await sidecar.Client().RerunWorkflowFromEventAsync(new RerunWorkflowFromEventRequest { SourceInstanceID = "p", NewInstanceID = "q" });
        Assert.Equal("q:0000", (await worker.NextTurnAsync()).WorkflowRequest.InstanceId);
        await sidecar.Client().RerunWorkflowFromEventAsync(new RerunWorkflowFromEventRequest
        {
            SourceInstanceID = "p",
            NewInstanceID = "r",
            NewChildWorkflowInstanceID = "mine",
        });
        var child = await worker.NextTurnAsync();
        Assert.Equal("mine", child.WorkflowRequest.InstanceId);
        await worker.AnswerAsync(child, Act.Complete("2"));
        Assert.Equal("2", (await worker.NextTurnAsync()).WorkflowRequest.NewEvents[1].ChildWorkflowInstanceCompleted.Result);
    }

    [Fact]
    public async Task Rerun_OfARerun_SurvivesARestart()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using (var worker = await sidecar.ConnectAsync())
        {
            await RunAsync(sidecar, worker);
            await sidecar.Client().RerunWorkflowFromEventAsync(
                new RerunWorkflowFromEventRequest { SourceInstanceID = "i", EventID = 0, NewInstanceID = "again" });
        }

        await sidecar.RestartAsync();
        using var next = await sidecar.ConnectAsync();
        var activity = await next.NextActivityAsync();
        Assert.Equal(("again", 0), (activity.ActivityRequest.WorkflowInstance.InstanceId, activity.ActivityRequest.TaskId));
        await next.AnswerAsync(activity, "1");
        await next.AnswerAsync(await next.NextTurnAsync(), Act.Complete("\"done\""));
        Assert.Equal("\"done\"", (await sidecar.EndAsync("again")).Output);
    }

    [Theory]
    [InlineData("nobody", 0u, "new", false, StatusCode.NotFound)]
    [InlineData("i", 77u, "new", false, StatusCode.NotFound)]
    [InlineData("i", uint.MaxValue, "new", false, StatusCode.NotFound)]
    [InlineData("i", 0u, "i", false, StatusCode.InvalidArgument)]
    [InlineData("i", 0u, "running", false, StatusCode.AlreadyExists)]
    [InlineData("i", 3u, "new", true, StatusCode.InvalidArgument)]
    [InlineData("running", 0u, "new", false, StatusCode.InvalidArgument)]
    [InlineData("c", 0u, "new", false, StatusCode.InvalidArgument)]
    public async Task Rerun_ThatCantBe_IsRefused(string source, uint eventId, string newId, bool overwrite, StatusCode status)
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        await RunAsync(sidecar, worker);
        _ = sidecar.BeginAsync("running");
        await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Child(0, "c"));
        await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Complete());
        await sidecar.EndAsync("c");
        var refusal = await TestSidecar.RefusalAsync(() => sidecar.Client().RerunWorkflowFromEventAsync(new RerunWorkflowFromEventRequest
        {
            SourceInstanceID = source,
            EventID = eventId,
            NewInstanceID = newId,
            OverwriteInput = overwrite,
            Input = "1",
        }));
        Assert.Equal(status, refusal.StatusCode);
    }

    // Activity 0 ends; activities 1 and 2 and timer 3 start; 2 ends before 1; then the end.
    private static async Task RunAsync(TestSidecar sidecar, RawWorker worker)
    {
        _ = sidecar.BeginAsync("i");
        await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Activity(0));
        await worker.AnswerAsync(await worker.NextActivityAsync(), "0");
        await worker.AnswerAsync(
            await worker.NextTurnAsync(), Act.Activity(1), Act.Activity(2), Act.Timer(3, DateTimeOffset.UnixEpoch.AddYears(200)));
        await worker.NextActivityAsync();
        await worker.AnswerAsync(await worker.NextActivityAsync(), "2");
        await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Complete("\"first\""));
        await sidecar.EndAsync("i");
    }
}
