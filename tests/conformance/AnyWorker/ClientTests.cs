using Dapr.Workflow;
using Dapr.Workflow.Client;
using Dapr.Workflow.Registration;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MeshWorkflow.WorkflowContracts;
using Microsoft.Extensions.DependencyInjection;
using WorkflowState = MeshWorkflow.WorkflowContracts.WorkflowState;

namespace MeshWorkflow.Tests.Conformance.AnyWorker;

/// <summary>Section C4 of the contract: what the client sends, and what it makes of the answers.</summary>
public sealed class ClientTests : IAsyncLifetime
{
    private ScriptedSidecar _sidecar = null!;
    private DaprWorkflowClient _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _sidecar = await ScriptedSidecar.StartAsync(Token);
        _client = new DaprWorkflowClientBuilder().UseGrpcEndpoint(_sidecar.Address.ToString()).UseDaprApiToken("t").Build();
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _sidecar.DisposeAsync();
    }

    [Fact]
    public async Task Call_OfABuiltClient_CarriesItsToken()
    {
        await _client.RaiseEventAsync("id", "go", cancellation: Token);
        Assert.Equal("t", _sidecar.Headers.GetValue("dapr-api-token"));
    }

    [Fact]
    public async Task Schedule_WithNothingButAName_MakesAnIdAndSendsNoInput()
    {
        _sidecar.Answer<CreateInstanceRequest>(new CreateInstanceResponse { InstanceId = "made" });
        Assert.Equal("made", await _client.ScheduleNewWorkflowAsync("Wf"));
        var request = Last<CreateInstanceRequest>();
        Assert.Equal(("Wf", ""), (request.Name, request.Input));
        Assert.True(Guid.TryParseExact(request.InstanceId, "D", out _));
        Assert.Null(request.ScheduledStartTimestamp);
    }

    [Fact]
    public async Task Schedule_ForLater_SendsTheTime()
    {
        var start = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.FromHours(2));
        await _client.ScheduleNewWorkflowAsync("Wf", "id", new { a = 1, Bc = "d" }, start, Token);
        var request = Last<CreateInstanceRequest>();
        Assert.Equal(("id", "{\"a\":1,\"bc\":\"d\"}"), (request.InstanceId, request.Input));
        Assert.Equal(start.UtcDateTime, request.ScheduledStartTimestamp.ToDateTime());
    }

    [Fact]
    public async Task Get_UnknownInstance_DoesNotExist()
    {
        var state = await _client.GetWorkflowStateAsync("none", cancellation: Token);
        Assert.Equal((false, WorkflowRuntimeStatus.Unknown, null), (state.Exists, state.RuntimeStatus, state.WorkflowName));
        Assert.False(state.IsWorkflowCompleted || state.IsWorkflowRunning);
        Assert.True(Last<GetInstanceRequest>().GetInputsAndOutputs);
    }

    [Theory]
    [InlineData(OrchestrationStatus.Running, WorkflowRuntimeStatus.Running, true, false)]
    [InlineData(OrchestrationStatus.Completed, WorkflowRuntimeStatus.Completed, false, true)]
    [InlineData(OrchestrationStatus.Failed, WorkflowRuntimeStatus.Failed, false, true)]
    [InlineData(OrchestrationStatus.Terminated, WorkflowRuntimeStatus.Terminated, false, true)]
    [InlineData(OrchestrationStatus.Pending, WorkflowRuntimeStatus.Pending, false, false)]
    [InlineData(OrchestrationStatus.Suspended, WorkflowRuntimeStatus.Suspended, false, false)]
    [InlineData(OrchestrationStatus.Stalled, WorkflowRuntimeStatus.Stalled, false, false)]
    internal async Task Get_OfAnyStatus_SaysSo(OrchestrationStatus wire, WorkflowRuntimeStatus status, bool running, bool completed)
    {
        Exists(new WorkflowState { WorkflowStatus = wire, Name = "Wf", Input = "1", Output = "\"out\"", CustomStatus = "{\"a\":2}" });
        var state = await _client.GetWorkflowStateAsync("id", cancellation: Token);
        Assert.Equal((status, running, completed, "Wf"), (state.RuntimeStatus, state.IsWorkflowRunning, state.IsWorkflowCompleted, state.WorkflowName));
        Assert.Equal((1, "out", 2), (state.ReadInputAs<int>(), state.ReadOutputAs<string>(), state.ReadCustomStatusAs<Dictionary<string, int>>()!["a"]));
    }

    [Fact]
    public async Task Get_FailedInstance_HasItsFailure()
    {
        Exists(new WorkflowState
        {
            WorkflowStatus = OrchestrationStatus.Failed,
            FailureDetails = new TaskFailureDetails { ErrorType = "System.InvalidOperationException", ErrorMessage = "no", StackTrace = "here" },
        });
        var failure = (await _client.GetWorkflowStateAsync("id", cancellation: Token)).FailureDetails!;
        Assert.Equal(
            ("System.InvalidOperationException", "no", "here", "System.InvalidOperationException: no"),
            (failure.ErrorType, failure.ErrorMessage, failure.StackTrace, failure.ToString()));
        Assert.True(failure.IsCausedBy<InvalidOperationException>());
        Assert.False(failure.IsCausedBy<ArgumentException>());
    }

    [Fact]
    public async Task Wait_ForTheEnd_AsksForPayloadsOnlyThen()
    {
        Exists(new WorkflowState { WorkflowStatus = OrchestrationStatus.Completed, Output = "7" });
        Assert.Equal(7, (await _client.WaitForWorkflowCompletionAsync("id", cancellation: Token)).ReadOutputAs<int>());
        Assert.Equal([false, true], _sidecar.Asked.OfType<GetInstanceRequest>().Select(request => request.GetInputsAndOutputs));
    }

    [Fact]
    public async Task Wait_SidecarGoneForAWhile_GoesOnWaiting()
    {
        _sidecar.Answer<GetInstanceRequest>(
            new Status(StatusCode.Unavailable, "restarting"),
            new Status(StatusCode.Unavailable, "restarting"),
            new GetInstanceResponse { Exists = true, WorkflowState = new WorkflowState { WorkflowStatus = OrchestrationStatus.Completed } });
        Assert.True((await _client.WaitForWorkflowCompletionAsync("id", cancellation: Token)).IsWorkflowCompleted);
    }

    [Fact]
    public async Task Wait_ForNoSuchInstance_Throws()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _client.WaitForWorkflowCompletionAsync("none", cancellation: Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _client.WaitForWorkflowStartAsync("none", cancellation: Token));
    }

    [Fact]
    public async Task Call_Cancelled_IsCancelled()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _client.WaitForWorkflowCompletionAsync("id", cancellation: stop.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _client.GetWorkflowStateAsync("id", cancellation: stop.Token));
    }

    [Fact]
    public async Task Call_OfTheServicesClientCancelled_ComesAsARefusal()
    {
        await using var worker = await WorkerUnderTest.StartAsync(_ => { });
        var client = worker.Services.GetRequiredService<DaprWorkflowClient>();
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.WaitForWorkflowCompletionAsync("id", cancellation: stop.Token));
        var refused = await Assert.ThrowsAsync<RpcException>(() => client.GetWorkflowStateAsync("id", cancellation: stop.Token));
        Assert.Equal(StatusCode.Cancelled, refused.StatusCode);
    }

    [Fact]
    public async Task Steering_AnInstance_SendsWhatItSays()
    {
        await _client.RaiseEventAsync("id", "go", new { n = 1 }, Token);
        await _client.SuspendWorkflowAsync("id", "lunch", Token);
        await _client.ResumeWorkflowAsync("id", cancellation: Token);
        await _client.TerminateWorkflowAsync("id", "bye", Token);
        Assert.Equal(("id", "go", "{\"n\":1}"), (Last<RaiseEventRequest>().InstanceId, Last<RaiseEventRequest>().Name, Last<RaiseEventRequest>().Input));
        Assert.Equal(("id", "lunch"), (Last<SuspendRequest>().InstanceId, Last<SuspendRequest>().Reason));
        Assert.Equal("id", Last<ResumeRequest>().InstanceId);
        Assert.Equal(("id", "\"bye\"", true), (Last<TerminateRequest>().InstanceId, Last<TerminateRequest>().Output, Last<TerminateRequest>().Recursive));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(3, true)]
    public async Task Purge_OfAnInstance_SaysWhetherSomethingWent(int deleted, bool expected)
    {
        _sidecar.Answer<PurgeInstancesRequest>(new PurgeInstancesResponse { DeletedInstanceCount = deleted });
        Assert.Equal(expected, await _client.PurgeInstanceAsync("id", Token));
        Assert.Equal(("id", true), (Last<PurgeInstancesRequest>().InstanceId, Last<PurgeInstancesRequest>().Recursive));
    }

    [Fact]
    public async Task List_OfInstances_GoesPageByPage()
    {
        _sidecar.Answer<ListInstanceIDsRequest>(
            new ListInstanceIDsResponse { InstanceIds = { "a", "b" }, ContinuationToken = "2" }, new ListInstanceIDsResponse { InstanceIds = { "c" } });
        var first = await _client.ListInstanceIdsAsync(null, 2, Token);
        Assert.Equal(["a", "b"], first.InstanceIds);
        Assert.Equal("2", first.ContinuationToken);
        Assert.Null((await _client.ListInstanceIdsAsync(first.ContinuationToken, 2, Token)).ContinuationToken);
        Assert.Equal(("2", 2u), (Last<ListInstanceIDsRequest>().ContinuationToken, Last<ListInstanceIDsRequest>().PageSize));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _client.ListInstanceIdsAsync(null, 0, Token));
    }

    [Fact]
    public async Task History_OfAnInstance_NamesEachKind()
    {
        var time = Timestamp.FromDateTime(Instance.Epoch);
        _sidecar.Answer<GetInstanceHistoryRequest>(new GetInstanceHistoryResponse
        {
            Events =
            {
                new HistoryEvent { EventId = -1, Timestamp = time, WorkflowStarted = new WorkflowStartedEvent() },
                new HistoryEvent { EventId = 4, Timestamp = time, ChildWorkflowInstanceCreated = new ChildWorkflowInstanceCreatedEvent() },
                new HistoryEvent { EventId = -1, Timestamp = time, ExecutionStalled = new ExecutionStalledEvent() },
            },
        });
        var history = await _client.GetInstanceHistoryAsync("id", Token);
        Assert.Equal(
            [
                (-1, WorkflowHistoryEventType.OrchestratorStarted),
                (4, WorkflowHistoryEventType.SubOrchestrationInstanceCreated),
                (-1, WorkflowHistoryEventType.ExecutionStalled),
            ],
            history.Select(e => (e.EventId, e.EventType)));
        Assert.All(history, e => Assert.Equal(Instance.Epoch, e.Timestamp));
    }

    [Fact]
    public async Task Rerun_FromAnEvent_SendsTheOptions()
    {
        _sidecar.Answer<RerunWorkflowFromEventRequest>(new RerunWorkflowFromEventResponse { NewInstanceID = "new" });
        var options = new RerunWorkflowFromEventOptions { NewInstanceId = "n", Input = 5, OverwriteInput = true };
        Assert.Equal("new", await _client.RerunWorkflowFromEventAsync("old", 3, options, Token));
        var request = Last<RerunWorkflowFromEventRequest>();
        Assert.Equal(("old", 3u, "n", "5", true), (request.SourceInstanceID, request.EventID, request.NewInstanceID, request.Input, request.OverwriteInput));
        await Assert.ThrowsAsync<ArgumentException>(
            () => _client.RerunWorkflowFromEventAsync("old", 3, new RerunWorkflowFromEventOptions { Input = 5 }, Token));
    }

    [Fact]
    public async Task Names_Missing_AreRefusedBeforeTheCall()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _client.ScheduleNewWorkflowAsync(""));
        await Assert.ThrowsAsync<ArgumentException>(() => _client.GetWorkflowStateAsync("", cancellation: Token));
        await Assert.ThrowsAsync<ArgumentNullException>(() => _client.GetWorkflowStateAsync(null!, cancellation: Token));
        await Assert.ThrowsAsync<ArgumentException>(() => _client.RaiseEventAsync("id", "", cancellation: Token));
        await Assert.ThrowsAsync<ArgumentException>(() => _client.SuspendWorkflowAsync("", cancellation: Token));
        Assert.Empty(_sidecar.Asked);
    }

    private void Exists(WorkflowState state) =>
        _sidecar.Answer<GetInstanceRequest>(new GetInstanceResponse { Exists = true, WorkflowState = state });

    private T Last<T>() => _sidecar.Asked.OfType<T>().Last();
}
