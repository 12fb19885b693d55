using Dapr.Workflow;
using Dapr.Workflow.Client;
using Grpc.Core;

namespace MeshWorkflow.Tests.Conformance;

/// <summary>Sections C4, D1 and D4 of the contract: what clients see and may do.</summary>
public sealed class ManagingTests(SidecarUnderTest sidecar)
{
    private DaprWorkflowClient Client => sidecar.Client;

    [Fact]
    public async Task Get_UnknownInstance_DoesNotExist()
    {
        var state = await Client.GetWorkflowStateAsync(sidecar.NewId("unknown"));
        Assert.Equal((false, WorkflowRuntimeStatus.Unknown), (state.Exists, state.RuntimeStatus));
    }

    [Fact]
    public async Task Raise_ToAnUnknownInstance_IsRefused()
    {
        var exception = await Assert.ThrowsAsync<RpcException>(() => Client.RaiseEventAsync(sidecar.NewId("unknown"), "x"));
        Assert.Equal(StatusCode.Unknown, exception.StatusCode);
        Assert.Contains("no such instance exists", exception.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Raise_ToAnEndedInstance_IsIgnored()
    {
        var id = await CompleteAsync();
        await Client.RaiseEventAsync(id, "x");
        Assert.Equal(WorkflowRuntimeStatus.Completed, (await Client.GetWorkflowStateAsync(id)).RuntimeStatus);
    }

    [Fact]
    public async Task Start_WithTheIdOfARunningInstance_IsRefused()
    {
        var id = await WaitingAsync();
        var exception = await Assert.ThrowsAsync<RpcException>(() => Client.ScheduleNewWorkflowAsync("Square", id, 2));
        Assert.Equal(StatusCode.AlreadyExists, exception.StatusCode);
        await Client.TerminateWorkflowAsync(id);
    }

    [Fact]
    public async Task Start_WithTheIdOfAnEndedInstance_RunsAnew()
    {
        var id = await CompleteAsync();
        await Client.ScheduleNewWorkflowAsync("Chain", id, 3);
        var state = await Client.WaitForWorkflowCompletionAsync(id);
        Assert.Equal(("Chain", 3), (state.WorkflowName, state.ReadOutputAs<int>()));
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a@b")]
    [InlineData(".a")]
    [InlineData("a..b")]
    [InlineData("ä")]
    public async Task Start_WithAnInvalidId_IsRefused(string id)
    {
        var exception = await Assert.ThrowsAsync<RpcException>(() => Client.ScheduleNewWorkflowAsync("Square", id, 2));
        Assert.Equal(StatusCode.Unknown, exception.StatusCode);
    }

    [Fact]
    public async Task Start_Later_IsPendingUntilThen()
    {
        var id = sidecar.NewId("later");
        await Client.ScheduleNewWorkflowAsync("Square", id, 3, DateTimeOffset.UnixEpoch.AddMilliseconds(Now() + 700));
        Assert.Equal(WorkflowRuntimeStatus.Pending, (await Client.GetWorkflowStateAsync(id)).RuntimeStatus);
        var state = await Client.WaitForWorkflowCompletionAsync(id);
        Assert.Equal(9, state.ReadOutputAs<int>());
    }

    [Fact]
    public async Task Wait_ForAnInstanceThatIsStartedLater_SeesItsEnd()
    {
        var id = sidecar.NewId("awaited");
        var waiting = Client.WaitForWorkflowCompletionAsync(id, cancellation: TestContext.Current.CancellationToken);
        await Client.ScheduleNewWorkflowAsync("Square", id, 5);
        Assert.Equal(25, (await waiting).ReadOutputAs<int>());
    }

    [Fact]
    public async Task Suspend_ThenEvent_WaitsForResume()
    {
        var id = await WaitingAsync();
        await Client.SuspendWorkflowAsync(id, "lunch");
        Assert.Equal(WorkflowRuntimeStatus.Suspended, (await Client.GetWorkflowStateAsync(id)).RuntimeStatus);
        await Client.ResumeWorkflowAsync(id);
        Assert.Equal(WorkflowRuntimeStatus.Running, (await Client.GetWorkflowStateAsync(id)).RuntimeStatus);
        await Client.RaiseEventAsync(id, "go", "after");
        Assert.Equal("after", (await Client.WaitForWorkflowCompletionAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Terminate_Running_EndsItAndItsChildren()
    {
        var parent = sidecar.NewId("parent");
        var child = parent + "-child";
        await Client.ScheduleNewWorkflowAsync("ParentOf", parent, child);
        await Client.WaitForWorkflowStartAsync(child);
        await Client.TerminateWorkflowAsync(parent, "bye");
        Assert.Equal(WorkflowRuntimeStatus.Terminated, (await Client.GetWorkflowStateAsync(parent)).RuntimeStatus);
        Assert.Equal(WorkflowRuntimeStatus.Terminated, (await Client.WaitForWorkflowCompletionAsync(child)).RuntimeStatus);
    }

    [Fact]
    public async Task Purge_EndedInstance_ForgetsItAndItsChildren()
    {
        var id = sidecar.NewId("sum");
        await Client.ScheduleNewWorkflowAsync("SumOfSquares", id, 2);
        await Client.WaitForWorkflowCompletionAsync(id);
        Assert.True(await Client.PurgeInstanceAsync(id));
        Assert.False((await Client.GetWorkflowStateAsync(id)).Exists);
        Assert.False((await Client.GetWorkflowStateAsync($"{id}-1")).Exists);
    }

    [Fact]
    public async Task Purge_RunningInstance_IsRefused()
    {
        var id = await WaitingAsync();
        var exception = await Assert.ThrowsAsync<RpcException>(() => Client.PurgeInstanceAsync(id));
        Assert.Contains("not yet completed", exception.Status.Detail, StringComparison.Ordinal);
        await Client.TerminateWorkflowAsync(id);
    }

    [Fact]
    public async Task History_OfTwoActivities_HasEveryEvent()
    {
        var id = sidecar.NewId("chain");
        await Client.ScheduleNewWorkflowAsync("Chain", id, 2);
        await Client.WaitForWorkflowCompletionAsync(id);
        var history = await Client.GetInstanceHistoryAsync(id);
        Assert.Equal(
            [
                WorkflowHistoryEventType.OrchestratorStarted,
                WorkflowHistoryEventType.ExecutionStarted,
                WorkflowHistoryEventType.TaskScheduled,
                WorkflowHistoryEventType.OrchestratorStarted,
                WorkflowHistoryEventType.TaskCompleted,
                WorkflowHistoryEventType.TaskScheduled,
                WorkflowHistoryEventType.OrchestratorStarted,
                WorkflowHistoryEventType.TaskCompleted,
                WorkflowHistoryEventType.ExecutionCompleted,
            ],
            history.Select(e => e.EventType));
        Assert.Equal([0, 1, 0], history.Where(e => e.EventId >= 0).Select(e => e.EventId));
    }

    [Fact]
    public async Task History_OfAnUnknownInstance_IsNotFound() => Assert.Equal(
        StatusCode.NotFound,
        (await Assert.ThrowsAsync<RpcException>(() => Client.GetInstanceHistoryAsync(sidecar.NewId("unknown")))).StatusCode);

    [Fact]
    public async Task List_InPages_HasEveryInstanceOnce()
    {
        var mine = new HashSet<string>();
        for (var i = 0; i < 5; i++)
        {
            mine.Add(await CompleteAsync());
        }

        var seen = new List<string>();
        string? token = null;
        do
        {
            var page = await Client.ListInstanceIdsAsync(token, 3);
            seen.AddRange(page.InstanceIds);
            token = page.ContinuationToken;
        }
        while (!string.IsNullOrEmpty(token));

        Assert.Superset(mine, seen.ToHashSet());
    }

    private async Task<string> CompleteAsync()
    {
        var id = sidecar.NewId("square");
        await Client.ScheduleNewWorkflowAsync("Square", id, 2);
        await Client.WaitForWorkflowCompletionAsync(id);
        return id;
    }

    private async Task<string> WaitingAsync()
    {
        var id = sidecar.NewId("waiting");
        await Client.ScheduleNewWorkflowAsync("WaitForGo", id);
        return id;
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
