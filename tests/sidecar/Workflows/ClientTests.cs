using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests.Workflows;

/// <summary>Sections A7, D1, D4 and H7: statuses, and what clients are told.</summary>
public sealed class ClientTests
{
    [Fact]
    public async Task Unknown_Instance_IsAnsweredAsDaprdDoes()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        var client = sidecar.Client();
        Assert.False((await client.GetInstanceAsync(new GetInstanceRequest { InstanceId = "x" })).Exists);
        Assert.Equal(
            StatusCode.NotFound,
            (await TestSidecar.RefusalAsync(() => client.GetInstanceHistoryAsync(new GetInstanceHistoryRequest { InstanceId = "x" }))).StatusCode);
        Status[] refusals =
        [
            await TestSidecar.RefusalAsync(() => client.RaiseEventAsync(new RaiseEventRequest { InstanceId = "x", Name = "e" })),
            await TestSidecar.RefusalAsync(() => client.SuspendInstanceAsync(new SuspendRequest { InstanceId = "x" })),
            await TestSidecar.RefusalAsync(() => client.ResumeInstanceAsync(new ResumeRequest { InstanceId = "x" })),
            await TestSidecar.RefusalAsync(() => client.TerminateInstanceAsync(new TerminateRequest { InstanceId = "x" })),
            await TestSidecar.RefusalAsync(() => client.PurgeInstancesAsync(new PurgeInstancesRequest { InstanceId = "x" })),
        ];
        Assert.All(refusals, status => Assert.Equal(StatusCode.Unknown, status.StatusCode));
        Assert.All(refusals, status => Assert.Contains("no such instance exists", status.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_WithoutAWorker_StoresNothing()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        var client = sidecar.Client();
        await Assert.ThrowsAsync<RpcException>(() => client.StartInstanceAsync(
            new CreateInstanceRequest { InstanceId = "i", Name = "w" }, deadline: DateTime.MinValue.ToUniversalTime()).ResponseAsync);
        using var waiting = new CancellationTokenSource();
        var start = client.StartInstanceAsync(new CreateInstanceRequest { InstanceId = "i", Name = "w" }, cancellationToken: waiting.Token);
        await client.HelloAsync(new Empty());
        await waiting.CancelAsync();
        await Assert.ThrowsAsync<RpcException>(() => start.ResponseAsync);
        Assert.False((await client.GetInstanceAsync(new GetInstanceRequest { InstanceId = "i" })).Exists);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("..")]
    public async Task Start_WithAnInvalidId_IsRefused(string id)
    {
        await using var sidecar = await TestSidecar.StartAsync();
        var refusal = await TestSidecar.RefusalAsync(() => sidecar.Client().StartInstanceAsync(new CreateInstanceRequest { InstanceId = id, Name = "w" }));
        Assert.Equal(StatusCode.Unknown, refusal.StatusCode);
        Assert.Contains("job name is invalid", refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_Scheduled_IsPendingWithoutNameAndCanBeTerminated()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        var client = sidecar.Client();
        await client.StartInstanceAsync(new CreateInstanceRequest
        {
            InstanceId = "i",
            Name = "w",
            ScheduledStartTimestamp = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch.AddYears(200)),
        });
        var state = await sidecar.StateAsync("i");
        Assert.Equal((OrchestrationStatus.Pending, "", 1), (state.WorkflowStatus, state.Name, state.CreatedTimestamp.ToDateTime().Year));
        await client.TerminateInstanceAsync(new TerminateRequest { InstanceId = "i" });
        Assert.Equal(OrchestrationStatus.Terminated, await sidecar.StatusAsync("i"));
    }

    [Fact]
    public async Task Start_WithAnInvalidTime_IsRefused()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        var refusal = await TestSidecar.RefusalAsync(() => sidecar.Client().StartInstanceAsync(new CreateInstanceRequest
        {
            InstanceId = "i",
            Name = "w",
            ScheduledStartTimestamp = new Timestamp { Seconds = long.MaxValue },
        }));
        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
    }

    [Fact]
    public async Task Start_IdWhoseChildrenLive_IsRefusedUntilTheyEnd()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("p");
        await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Child(0, "c"), Act.Complete());
        await sidecar.EndAsync("p");
        var child = await worker.NextTurnAsync();
        var refusal = await TestSidecar.RefusalAsync(() => sidecar.Client().StartInstanceAsync(new CreateInstanceRequest { InstanceId = "p", Name = "w" }));
        Assert.Equal(StatusCode.AlreadyExists, refusal.StatusCode);
        await worker.AnswerAsync(child, Act.Complete());
        await sidecar.EndAsync("c");
        _ = sidecar.BeginAsync("p");
        Assert.Equal("p", (await worker.NextTurnAsync()).WorkflowRequest.InstanceId);
    }

    [Fact]
    public async Task Suspended_Instance_GetsNothingUntilItIsResumed()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        var client = sidecar.Client();
        _ = sidecar.BeginAsync("i");
        await worker.AnswerAsync(await worker.NextTurnAsync());
        var suspension = client.SuspendInstanceAsync(new SuspendRequest { InstanceId = "i", Reason = "lunch" });
        var turn = await worker.NextTurnAsync();
        Assert.Equal("lunch", turn.WorkflowRequest.NewEvents[1].ExecutionSuspended.Input);
        await worker.AnswerAsync(turn);
        await suspension;
        Assert.Equal(OrchestrationStatus.Suspended, await sidecar.StatusAsync("i"));
        await client.RaiseEventAsync(new RaiseEventRequest { InstanceId = "i", Name = "e" });
        var resumption = client.ResumeInstanceAsync(new ResumeRequest { InstanceId = "i" });
        turn = await worker.NextTurnAsync();
        Assert.NotNull(turn.WorkflowRequest.NewEvents[1].EventRaised);
        Assert.NotNull(turn.WorkflowRequest.NewEvents[2].ExecutionResumed);
        await worker.AnswerAsync(turn, Act.Complete());
        await resumption;
    }

    [Fact]
    public async Task Purge_WithALivingChild_ForgetsNothing()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("p");
        await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Child(0, "c"), Act.Complete());
        await sidecar.EndAsync("p");
        await worker.AnswerAsync(await worker.NextTurnAsync());
        var refusal = await TestSidecar.RefusalAsync(() => sidecar.Client().PurgeInstancesAsync(new PurgeInstancesRequest { InstanceId = "p", Recursive = true }));
        Assert.Equal(StatusCode.Unknown, refusal.StatusCode);
        Assert.Contains("orchestration has not yet completed", refusal.Detail, StringComparison.Ordinal);
        Assert.Equal(OrchestrationStatus.Completed, await sidecar.StatusAsync("p"));
        var purged = await sidecar.Client().PurgeInstancesAsync(new PurgeInstancesRequest { InstanceId = "p", Recursive = true, Force = true });
        Assert.Equal((2, true), (purged.DeletedInstanceCount, purged.IsComplete));
    }

    [Fact]
    public async Task Purge_ByForce_LeavesNothingForTheNextUseOfTheId()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("i");
        await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Activity(0));
        var stale = await worker.NextActivityAsync();
        await sidecar.Client().PurgeInstancesAsync(new PurgeInstancesRequest { InstanceId = "i", Force = true });
        _ = sidecar.BeginAsync("i");
        await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Activity(0));
        var fresh = await worker.NextActivityAsync();
        await worker.AnswerAsync(stale, "\"stale\"");
        await worker.AnswerAsync(fresh, "\"fresh\"");
        Assert.Equal("\"fresh\"", (await worker.NextTurnAsync()).WorkflowRequest.NewEvents[1].TaskCompleted.Result);
    }

    [Fact]
    public async Task Purge_ByAFilter_IsRefused()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        var refusal = await TestSidecar.RefusalAsync(() =>
            sidecar.Client().PurgeInstancesAsync(new PurgeInstancesRequest { PurgeInstanceFilter = new PurgeInstanceFilter() }));
        Assert.Equal(StatusCode.Unimplemented, refusal.StatusCode);
    }

    [Fact]
    public async Task List_WithAnyPageSize_HasTheAppsOwnIds()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("b");
        _ = sidecar.BeginAsync("a");
        await worker.NextTurnAsync();
        await worker.NextTurnAsync();
        var all = await sidecar.Client().ListInstanceIDsAsync(new ListInstanceIDsRequest { PageSize = uint.MaxValue });
        Assert.Equal(["a", "b"], all.InstanceIds);
        Assert.False(all.HasContinuationToken);
        var first = await sidecar.Client().ListInstanceIDsAsync(new ListInstanceIDsRequest { PageSize = 1 });
        Assert.Equal((["a"], "1"), (first.InstanceIds, first.ContinuationToken));
        Assert.Empty((await sidecar.Client("b").ListInstanceIDsAsync(new ListInstanceIDsRequest())).InstanceIds);
        Assert.Equal(StatusCode.InvalidArgument, (await TestSidecar.RefusalAsync(() =>
            sidecar.Client().ListInstanceIDsAsync(new ListInstanceIDsRequest { ContinuationToken = "x" }))).StatusCode);
    }

    [Fact]
    public async Task Waits_WhenTheSidecarStops_AreUnavailable()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("i");
        await worker.AnswerAsync(await worker.NextTurnAsync());
        var client = sidecar.Client();
        var wait = client.WaitForInstanceCompletionAsync(new GetInstanceRequest { InstanceId = "i" });
        await client.HelloAsync(new Empty());
        await sidecar.StopAsync();
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => wait.ResponseAsync)).StatusCode);
    }
}
