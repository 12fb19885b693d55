using System.Globalization;
using Dapr.Workflow;
using Dapr.Workflow.Client;
using Grpc.Core;

namespace MeshWorkflow.Tests.Conformance.AnySidecar;

/// <summary>Sections A7, D1, D4 and D5: what a client may count on, whichever sidecar is there.</summary>
public sealed class ClientRowsTests(SidecarUnderTest sidecar)
{
    private DaprWorkflowClient Client => sidecar.Client;

    [Fact]
    public async Task Rerun_FromTheSecondActivity_KeepsTheFirst()
    {
        var source = await RunAsync("ShoutTwice", "a");
        var id = await Client.RerunWorkflowFromEventAsync(source, 1);
        Assert.NotEqual(source, id);
        Assert.Equal("A A2", await OutputAsync(id));
        Assert.Equal("A A2", await OutputAsync(source));
    }

    [Fact]
    public async Task Rerun_WithANewInput_UsesIt()
    {
        var source = await RunAsync("ShoutTwice", "a");
        var id = await Client.RerunWorkflowFromEventAsync(source, 1, new RerunWorkflowFromEventOptions
        {
            NewInstanceId = sidecar.NewId("again"),
            Input = "b",
            OverwriteInput = true,
        });
        Assert.Equal("A B", await OutputAsync(id));
    }

    [Fact]
    public async Task Rerun_FromATimer_SleepsAgain()
    {
        var source = await RunAsync("SleepOn", null);
        Assert.Equal("AWAKE", await OutputAsync(await Client.RerunWorkflowFromEventAsync(source, 0)));
    }

    [Fact]
    public async Task Rerun_FromAChild_RunsANewChild()
    {
        var source = await RunAsync("ShoutInAChild", "a");
        var id = await Client.RerunWorkflowFromEventAsync(source, 0);
        Assert.Equal("A A2", await OutputAsync(id));
        Assert.Equal("A A2", await OutputAsync($"{id}:0000"));
    }

    [Theory]
    [InlineData("unknown", 0u, StatusCode.NotFound)]
    [InlineData("ended", 99u, StatusCode.NotFound)]
    [InlineData("running", 0u, StatusCode.InvalidArgument)]
    [InlineData("child", 0u, StatusCode.InvalidArgument)]
    public async Task Rerun_ThatCantBe_IsRefused(string kind, uint eventId, StatusCode expected)
    {
        var id = kind switch
        {
            "ended" => await RunAsync("ShoutTwice", "a"),
            "running" => await StartAsync("WaitForGo", null),
            "child" => await RunAsync("ShoutInAChild", "a") + "-child",
            _ => sidecar.NewId(kind),
        };
        var refusal = await Assert.ThrowsAsync<RpcException>(() => Client.RerunWorkflowFromEventAsync(id, eventId));
        Assert.Equal(expected, refusal.StatusCode);
    }

    [Fact]
    public async Task Start_WhileAChildLives_IsRefused()
    {
        var parent = sidecar.NewId("leaver");
        var child = parent + "-child";
        await Client.ScheduleNewWorkflowAsync("LeaveTheChild", parent, child);
        Assert.Equal("LEFT", await OutputAsync(parent));
        var refusal = await Assert.ThrowsAsync<RpcException>(() => Client.ScheduleNewWorkflowAsync("ShoutTwice", parent, "a"));
        Assert.Equal(StatusCode.AlreadyExists, refusal.StatusCode);
        Assert.Equal(WorkflowRuntimeStatus.Running, (await Client.GetWorkflowStateAsync(child)).RuntimeStatus);
        await Client.TerminateWorkflowAsync(child);
        await Client.WaitForWorkflowCompletionAsync(child);
        await Client.ScheduleNewWorkflowAsync("ShoutTwice", parent, "a");
        Assert.Equal("A A2", await OutputAsync(parent));
    }

    [Fact]
    public async Task Child_TerminatedDirectly_IsAFailureToItsParent()
    {
        var parent = sidecar.NewId("watcher");
        await Client.ScheduleNewWorkflowAsync("WatchTheChild", parent, parent + "-child");
        await Client.WaitForWorkflowStartAsync(parent + "-child");
        await Client.TerminateWorkflowAsync(parent + "-child");
        Assert.Equal("Child workflow 'WaitForGo' failed", await OutputAsync(parent));
    }

    [Theory]
    [InlineData("Aa-1_b.c:d e")]
    public async Task Start_WithEveryAllowedCharacter_Runs(string suffix)
    {
        var id = sidecar.NewId("id") + suffix;
        Assert.Equal(id, await Client.ScheduleNewWorkflowAsync("ShoutTwice", id, "a"));
        Assert.Equal("A A2", await OutputAsync(id));
    }

    [Fact]
    public async Task Start_WithAnIdOf300Characters_IsRefused() => Assert.Equal(
        StatusCode.Unknown,
        (await Assert.ThrowsAsync<RpcException>(() => Client.ScheduleNewWorkflowAsync("ShoutTwice", new string('a', 300), "a"))).StatusCode);

    [Fact]
    public async Task Start_ScheduledInThePast_RunsAtOnce()
    {
        var id = sidecar.NewId("past");
        await Client.ScheduleNewWorkflowAsync("ShoutTwice", id, "a", DateTimeOffset.UnixEpoch.AddYears(1));
        Assert.Equal("A A2", await OutputAsync(id));
    }

    [Fact]
    public async Task Pending_Instance_HasNoNameYet()
    {
        var id = sidecar.NewId("pending");
        await Client.ScheduleNewWorkflowAsync("ShoutTwice", id, "a", TimeProvider.System.GetUtcNow().AddMilliseconds(800));
        var state = await Client.GetWorkflowStateAsync(id);
        Assert.Equal((true, WorkflowRuntimeStatus.Pending), (state.Exists, state.RuntimeStatus));
        Assert.False(state.IsWorkflowRunning || state.IsWorkflowCompleted);
        Assert.Equal("A A2", await OutputAsync(id));
    }

    [Fact]
    public async Task Message_OverTheLimit_IsExhausted()
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(() =>
            Client.ScheduleNewWorkflowAsync("ShoutTwice", sidecar.NewId("large"), new string('x', 5_000_000)));
        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
    }

    [Fact]
    public async Task History_OverTheLimit_Stalls()
    {
        var id = await StartAsync("Grow", 6);
        while ((await Client.GetWorkflowStateAsync(id, getInputsAndOutputs: false)).RuntimeStatus is WorkflowRuntimeStatus.Running)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        var state = await Client.GetWorkflowStateAsync(id, getInputsAndOutputs: false);
        Assert.Equal(WorkflowRuntimeStatus.Stalled, state.RuntimeStatus);
        Assert.False(state.IsWorkflowRunning || state.IsWorkflowCompleted);
        foreach (var call in (Func<Task>[])[() => Client.RaiseEventAsync(id, "x"), () => Client.PurgeInstanceAsync(id)])
        {
            var refusal = await Assert.ThrowsAsync<RpcException>(call);
            Assert.Equal(StatusCode.Unknown, refusal.StatusCode);
            Assert.Contains("stalled", refusal.Status.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Steering_OfAnEndedInstance_HasNoEffect()
    {
        var id = await RunAsync("ShoutTwice", "a");
        await Client.RaiseEventAsync(id, "x");
        await Client.SuspendWorkflowAsync(id);
        await Client.ResumeWorkflowAsync(id);
        await Client.TerminateWorkflowAsync(id, "late");
        var state = await Client.GetWorkflowStateAsync(id);
        Assert.Equal((WorkflowRuntimeStatus.Completed, "A A2"), (state.RuntimeStatus, state.ReadOutputAs<string>()));
    }

    [Fact]
    public async Task Steering_OfAnUnknownInstance_IsRefused()
    {
        var id = sidecar.NewId("unknown");
        Func<Task>[] calls =
        [
            () => Client.SuspendWorkflowAsync(id),
            () => Client.ResumeWorkflowAsync(id),
            () => Client.TerminateWorkflowAsync(id),
            () => Client.PurgeInstanceAsync(id),
        ];
        foreach (var call in calls)
        {
            var refusal = await Assert.ThrowsAsync<RpcException>(call);
            Assert.Equal(StatusCode.Unknown, refusal.StatusCode);
            Assert.Contains("no such instance exists", refusal.Status.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task List_WithAPageSize_GivesTheOffsetAsToken()
    {
        for (var i = 0; i < 4; i++)
        {
            await RunAsync("ShoutTwice", "a");
        }

        var page = await Client.ListInstanceIdsAsync(pageSize: 3);
        Assert.Equal(3, page.InstanceIds.Count);
        Assert.Equal(3, int.Parse(page.ContinuationToken ?? "", CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Timers_ManyAtOnce_AllFire() => Assert.Equal("all", await OutputAsync(await RunAsync("ManyTimers", 50)));

    [Fact]
    public async Task Payloads_NotAskedFor_AreNotSent()
    {
        var id = await RunAsync("ShoutTwice", "a");
        var state = await Client.GetWorkflowStateAsync(id, getInputsAndOutputs: false);
        Assert.Equal((WorkflowRuntimeStatus.Completed, "ShoutTwice", null), (state.RuntimeStatus, state.WorkflowName, state.ReadOutputAs<string>()));
    }

    private Task<string> StartAsync(string name, object? input) => Client.ScheduleNewWorkflowAsync(name, sidecar.NewId(name), input);

    private async Task<string> RunAsync(string name, object? input)
    {
        var id = await StartAsync(name, input);
        await Client.WaitForWorkflowCompletionAsync(id, cancellation: TestContext.Current.CancellationToken);
        return id;
    }

    private async Task<string?> OutputAsync(string id) =>
        (await Client.WaitForWorkflowCompletionAsync(id, cancellation: TestContext.Current.CancellationToken)).ReadOutputAs<string>();
}
