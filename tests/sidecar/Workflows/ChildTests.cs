using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests.Workflows;

/// <summary>Child workflows and calls across apps: sections B10, D3, D6 and H4.</summary>
public sealed class ChildTests
{
    [Fact]
    public async Task Child_WithoutId_GetsOneFromItsParent()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("p");
        var first = await worker.NextTurnAsync();
        await worker.AnswerAsync(first, Act.Child(10));
        var child = await worker.NextTurnAsync();
        Assert.Equal("p:000a", child.WorkflowRequest.InstanceId);
        var parent = child.WorkflowRequest.NewEvents[1].ExecutionStarted.ParentInstance;
        Assert.Equal(
            (10, "w", "p", first.WorkflowRequest.ExecutionId, "a"),
            (parent.TaskScheduledId, parent.Name, parent.WorkflowInstance.InstanceId, parent.WorkflowInstance.ExecutionId, parent.AppID));
        await worker.AnswerAsync(child, Act.Complete("\"c\""));
        Assert.Equal("\"c\"", (await worker.NextTurnAsync()).WorkflowRequest.NewEvents[1].ChildWorkflowInstanceCompleted.Result);
    }

    [Fact]
    public async Task Child_Terminated_IsAFailureWithoutDetails()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("p");
        await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Child(0, "c"));
        await worker.AnswerAsync(await worker.NextTurnAsync());
        await sidecar.Client().TerminateInstanceAsync(new TerminateRequest { InstanceId = "c" });
        var failed = (await worker.NextTurnAsync()).WorkflowRequest.NewEvents[1].ChildWorkflowInstanceFailed;
        Assert.Equal((0, null), (failed.TaskScheduledId, failed.FailureDetails));
    }

    [Theory]
    [InlineData("other", "WorkflowInstanceAlreadyExists")]
    [InlineData("a/b", "WorkflowInstanceIdInvalid")]
    public async Task Child_ThatCantBeStarted_IsAFailure(string id, string errorType)
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("other");
        await worker.AnswerAsync(await worker.NextTurnAsync());
        _ = sidecar.BeginAsync("p");
        await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Child(0, id));
        Assert.Equal(
            errorType, (await worker.NextTurnAsync()).WorkflowRequest.NewEvents[1].ChildWorkflowInstanceFailed.FailureDetails.ErrorType);
    }

    [Fact]
    public async Task TargetApp_OfAnActivityAndAChild_RunsThem()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var workerOfA = await sidecar.ConnectAsync("a");
        using var workerOfB = await sidecar.ConnectAsync("b");
        _ = sidecar.BeginAsync("p");
        await workerOfA.AnswerAsync(await workerOfA.NextTurnAsync(), Act.Activity(0, app: "b"), Act.Child(1, "c", app: "b"));
        await workerOfB.AnswerAsync(await workerOfB.NextActivityAsync(), "1");
        var child = await workerOfB.NextTurnAsync();
        Assert.Equal("b", child.WorkflowRequest.NewEvents[1].Router.SourceAppID);
        await workerOfA.AnswerAsync(await workerOfA.NextTurnAsync());
        await workerOfB.AnswerAsync(child, Act.Complete("2"));
        var last = await workerOfA.NextTurnAsync();
        Assert.Equal("2", last.WorkflowRequest.NewEvents[1].ChildWorkflowInstanceCompleted.Result);
        Assert.Equal(OrchestrationStatus.Completed, await sidecar.StatusAsync("c", "b"));
        await workerOfA.AnswerAsync(last, Act.Complete());
    }

    [Fact]
    public async Task Terminate_Recursive_EndsChildrenOfEveryApp()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var workerOfA = await sidecar.ConnectAsync("a");
        using var workerOfB = await sidecar.ConnectAsync("b");
        _ = sidecar.BeginAsync("p");
        await workerOfA.AnswerAsync(await workerOfA.NextTurnAsync(), Act.Child(0, "c", app: "b"));
        await workerOfB.AnswerAsync(await workerOfB.NextTurnAsync(), Act.Child(0, "grandchild"));
        await workerOfB.AnswerAsync(await workerOfB.NextTurnAsync());
        await sidecar.Client().TerminateInstanceAsync(new TerminateRequest { InstanceId = "p", Recursive = true });
        Assert.Equal(OrchestrationStatus.Terminated, (await sidecar.EndAsync("c", "b")).WorkflowStatus);
        Assert.Equal(OrchestrationStatus.Terminated, (await sidecar.EndAsync("grandchild", "b")).WorkflowStatus);
    }

    [Fact]
    public async Task Terminate_NotRecursive_LeavesChildrenAlone()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("p");
        await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Child(0, "c"));
        await worker.AnswerAsync(await worker.NextTurnAsync());
        await sidecar.Client().TerminateInstanceAsync(new TerminateRequest { InstanceId = "p" });
        Assert.Equal(OrchestrationStatus.Running, await sidecar.StatusAsync("c"));
    }
}
