using Dapr.Workflow;

namespace MeshWorkflow.Tests.Conformance;

/// <summary>Sections B3 to B10 of the contract: what running workflows may count on.</summary>
public sealed class RunningTests(SidecarUnderTest sidecar)
{
    [Theory]
    [InlineData("Chain", 15, 15)]
    [InlineData("FanOut", 30, 465)]
    [InlineData("Parallel", 10, 55)]
    [InlineData("SumOfSquares", 4, 30)]
    [InlineData("Countdown", 5, 0)]
    public async Task Workflow_OfNumbers_EndsWithItsResult(string name, int input, int expected)
    {
        var state = await RunAsync(name, input);
        Assert.Equal((WorkflowRuntimeStatus.Completed, expected), (state.RuntimeStatus, state.ReadOutputAs<int>()));
        Assert.Equal(name, state.WorkflowName);
        Assert.True(state.LastUpdatedAt >= state.CreatedAt);
    }

    [Fact]
    public async Task Activity_FailingTwice_IsRetried() =>
        Assert.Equal("attempt 3", (await RunAsync("RetryFlaky", sidecar.NewId("key"))).ReadOutputAs<string>());

    [Fact]
    public async Task Activity_Failing_IsAnExceptionWithDetails() => Assert.Equal(
        "Task failed: broken|System.InvalidOperationException|broken|True",
        (await RunAsync("CatchFailure", "broken")).ReadOutputAs<string>());

    [Fact]
    public async Task Activity_Unknown_FailsByName() =>
        Assert.Equal("ActivityNotFoundException", (await RunAsync("CallUnknown", "")).ReadOutputAs<string>());

    [Fact]
    public async Task Workflow_Throwing_Fails()
    {
        var state = await RunAsync("Throw", "outer");
        Assert.Equal(WorkflowRuntimeStatus.Failed, state.RuntimeStatus);
        Assert.Equal(("System.InvalidOperationException", "outer"), (state.FailureDetails!.ErrorType, state.FailureDetails.ErrorMessage));
        Assert.True(state.IsWorkflowCompleted);
    }

    [Fact]
    public async Task Workflow_Unknown_Fails()
    {
        var state = await RunAsync("NoSuchWorkflow", 1);
        Assert.Equal((WorkflowRuntimeStatus.Failed, "WorkflowNotFound"), (state.RuntimeStatus, state.FailureDetails!.ErrorType));
    }

    [Fact]
    public async Task Timer_Fires_NotBeforeItsTime() => Assert.Equal("slept", (await RunAsync("Sleep", 120)).ReadOutputAs<string>());

    [Fact]
    public async Task Event_RaisedInAnotherCase_IsReceived()
    {
        var id = await StartAsync("WaitForGo", null);
        Assert.Equal("waiting", (await sidecar.Client.GetWorkflowStateAsync(id)).ReadCustomStatusAs<string>());
        await sidecar.Client.RaiseEventAsync(id, "GO", "payload");
        var state = await sidecar.Client.WaitForWorkflowCompletionAsync(id);
        Assert.Equal(("payload", "done"), (state.ReadOutputAs<string>(), state.ReadCustomStatusAs<string>()));
    }

    [Fact]
    public async Task Events_ManyInARow_AreReceivedInOrder()
    {
        var id = await StartAsync("WaitForMany", 9);
        for (var i = 1; i <= 9; i++)
        {
            await sidecar.Client.RaiseEventAsync(id, "item", $"{i}");
        }

        Assert.Equal("123456789", (await sidecar.Client.WaitForWorkflowCompletionAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task EventWait_WithTimeout_TimesOut() => Assert.Equal("timeout", (await RunAsync("WaitForGoOr", 60)).ReadOutputAs<string>());

    [Fact]
    public async Task EventWait_WithTimeout_ReceivesInTime()
    {
        var id = await StartAsync("WaitForGoOr", 60_000);
        await sidecar.Client.RaiseEventAsync(id, "go", "in time");
        Assert.Equal("in time", (await sidecar.Client.WaitForWorkflowCompletionAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task ContinueAsNew_WithWaitingEvents_LosesNone()
    {
        var id = await StartAsync("Generations", 0);
        for (var i = 0; i < 5; i++)
        {
            await sidecar.Client.RaiseEventAsync(id, "add", 2);
        }

        Assert.Equal(10, (await sidecar.Client.WaitForWorkflowCompletionAsync(id)).ReadOutputAs<int>());
    }

    [Fact]
    public async Task Child_Failing_IsAnExceptionWithDetails() => Assert.Equal(
        "Child workflow 'Throw' failed|System.InvalidOperationException|inner",
        (await RunAsync("FailingChild", "inner")).ReadOutputAs<string>());

    [Fact]
    public async Task Ids_OfOneInstance_AreStableOverReplays()
    {
        var parts = (await RunAsync("Ids", "")).ReadOutputAs<string>()!.Split('|');
        Assert.NotEqual(parts[0], parts[1]);
        Assert.Equal(32, parts[2].Length);
    }

    [Fact]
    public async Task Patches_OfANewInstance_AreOn() => Assert.Equal("True|True|True", (await RunAsync("Patched", "")).ReadOutputAs<string>());

    [Fact]
    public async Task WhenAny_TimerFirst_EndsWithTheTimer() => Assert.Equal("timer", (await RunAsync("FirstOf", "")).ReadOutputAs<string>());

    private async Task<string> StartAsync(string name, object? input) =>
        await sidecar.Client.ScheduleNewWorkflowAsync(name, sidecar.NewId(name), input);

    private async Task<WorkflowState> RunAsync(string name, object? input) =>
        await sidecar.Client.WaitForWorkflowCompletionAsync(await StartAsync(name, input), cancellation: TestContext.Current.CancellationToken);
}
