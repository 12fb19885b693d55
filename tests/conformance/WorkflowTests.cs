using Dapr.Workflow;

namespace MeshWorkflow.Tests.Conformance;

/// <summary>Section B of the contract, as far as a whole program sees it: any worker, any sidecar.</summary>
public sealed class WorkflowTests(SidecarUnderTest sidecar)
{
    private DaprWorkflowClient Client => sidecar.Client;

    [Fact]
    public async Task Names_InAnyCase_AreFound() => Assert.Equal(9, (await RunAsync("sQUARE", 3)).ReadOutputAs<int>());

    [Fact]
    public async Task Events_ComeBeforeAnybodyWaits_AreKept()
    {
        var id = await StartAsync("ProgramLateWait", 2);
        await Client.RaiseEventAsync(id, "item", "a");
        await Client.RaiseEventAsync(id, "ITEM", "b");
        await Client.RaiseEventAsync(id, "start", "");
        Assert.Equal("ab", (await EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task EventWait_Cancelled_LeavesTheEventToTheNext()
    {
        var id = await StartAsync("ProgramCancelledWait", null);
        await Client.RaiseEventAsync(id, "go", "x");
        Assert.Equal("True x", (await EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task EventWait_OfNoTime_IsOver() => Assert.Equal("over", (await RunAsync("ProgramNoTime", null)).ReadOutputAs<string>());

    [Fact]
    public async Task Child_FailingTwice_IsRetried() =>
        Assert.Equal("attempt 3", (await RunAsync("ProgramRetriedChild", sidecar.NewId("key"))).ReadOutputAs<string>());

    [Fact]
    public async Task Retry_UsedUp_IsTheLastFailure() =>
        Assert.Equal("Task failed: always", (await RunAsync("ProgramRetriesUsedUp", "always")).ReadOutputAs<string>());

    [Fact]
    public async Task Child_Terminated_FailsItsParent()
    {
        var parent = sidecar.NewId("parent");
        await Client.ScheduleNewWorkflowAsync("ProgramParent", parent, parent + "-kid");
        await Client.WaitForWorkflowStartAsync(parent + "-kid");
        await Client.TerminateWorkflowAsync(parent + "-kid");
        Assert.Equal("Child workflow 'WaitForGo' failed", (await EndAsync(parent)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task ContinueAsNew_KeepingNoEvents_DropsThem()
    {
        var id = await StartAsync("ProgramForgets", 0);
        await Client.RaiseEventAsync(id, "other", "lost");
        await Client.RaiseEventAsync(id, "again", "");
        await AtAsync(id, "generation 1");
        await Client.RaiseEventAsync(id, "other", "kept");
        Assert.Equal("kept", (await EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task ProcessInParallel_SomeFailing_RunsAllAndSaysHowMany() =>
        Assert.Equal("2 out of 5 tasks failed", (await RunAsync("ProgramParallelFailures", 5)).ReadOutputAs<string>());

    [Fact]
    public async Task Keys_OfTwoCalls_DifferAndOfOneAreTheSame()
    {
        var keys = (await RunAsync("ProgramKeys", null)).ReadOutputAs<string[]>()!;
        Assert.Equal(2, keys.Distinct().Count());
        Assert.All(keys, key => Assert.Equal(32, key.Length));
    }

    [Fact]
    public async Task Await_WithoutContext_GoesOnAllTheSame() =>
        Assert.Equal(3, (await RunAsync("ProgramContextFree", 0)).ReadOutputAs<int>());

    [Fact]
    public async Task Terminate_PatchedInstance_IsTerminated()
    {
        var id = await StartAsync("ProgramPatchedWait", null);
        await Client.TerminateWorkflowAsync(id);
        Assert.Equal(WorkflowRuntimeStatus.Terminated, (await EndAsync(id)).RuntimeStatus);
    }

    [Fact]
    public async Task Suspend_PatchedInstance_GoesOnAfterwards()
    {
        var id = await StartAsync("ProgramPatchedWait", null);
        await Client.SuspendWorkflowAsync(id);
        await Client.ResumeWorkflowAsync(id);
        await Client.RaiseEventAsync(id, "go", "on");
        Assert.Equal("True on", (await EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Payloads_OfEveryShape_ComeBackAsTheyWere()
    {
        var sent = new Shape("ü \u2028 \"quoted\"", [1, 2, 3], new Dictionary<string, decimal> { ["a"] = 1.10m }, null);
        var state = await RunAsync("ProgramShape", sent);
        Assert.Equivalent(sent, state.ReadOutputAs<Shape>(), strict: true);
        Assert.Equivalent(sent, state.ReadInputAs<Shape>(), strict: true);
        Assert.Equal(sent.Text, state.ReadCustomStatusAs<string>());
    }

    private async Task<string> StartAsync(string name, object? input) =>
        await Client.ScheduleNewWorkflowAsync(name, sidecar.NewId(name), input);

    private Task<WorkflowState> EndAsync(string id) =>
        Client.WaitForWorkflowCompletionAsync(id, cancellation: TestContext.Current.CancellationToken);

    private async Task<WorkflowState> RunAsync(string name, object? input) => await EndAsync(await StartAsync(name, input));

    private async Task AtAsync(string id, string status)
    {
        while ((await Client.GetWorkflowStateAsync(id, cancellation: TestContext.Current.CancellationToken)).ReadCustomStatusAs<string>() != status)
        {
            await Task.Yield();
        }
    }
}
