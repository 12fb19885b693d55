using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MeshWorkflow.Sidecar.Hosting;
using MeshWorkflow.WorkflowContracts;
using Microsoft.Extensions.Hosting;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>Dapr's workflow service. Translates; decides nothing.</summary>
internal sealed class TaskHubService(WorkflowEngine engine, IHostApplicationLifetime lifetime)
    : TaskHubSidecarService.TaskHubSidecarServiceBase
{
    public override Task<Empty> Hello(Empty request, ServerCallContext context) => Task.FromResult(request);

    public override async Task GetWorkItems(
        GetWorkItemsRequest request, IServerStreamWriter<WorkItem> responseStream, ServerCallContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        var hub = engine.Runtime.Hubs[App(context)];
        var stream = hub.Connect(engine.Limits.MaxWorkers);
        try
        {
            // Who has the headers knows that the stream is taken.
            await context.WriteResponseHeadersAsync([]);
            await foreach (var work in stream.ReadAllAsync(ending.Token))
            {
                await responseStream.WriteAsync(work.Item, ending.Token);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Cancelled, "shutting down"));
        }
        finally
        {
            hub.Disconnect(stream);
        }
    }

    public override async Task<CompleteTaskResponse> CompleteActivityTask(ActivityResponse request, ServerCallContext context)
    {
        await engine.Activities.CompleteAsync(App(context), request);
        return new CompleteTaskResponse();
    }

    public override async Task<CompleteTaskResponse> CompleteOrchestratorTask(WorkflowResponse request, ServerCallContext context)
    {
        await engine.Turns.CompleteAsync(App(context), request);
        return new CompleteTaskResponse();
    }

    public override Task<CompleteTaskResponse> CompleteWorkflowTask(WorkflowResponse request, ServerCallContext context) =>
        CompleteOrchestratorTask(request, context);

    public override async Task<CreateInstanceResponse> StartInstance(CreateInstanceRequest request, ServerCallContext context)
    {
        var caller = Tracing.Of(request, context.RequestHeaders);
        return new() { InstanceId = await engine.Starter.StartAsync(App(context), request, caller, context.CancellationToken) };
    }

    public override Task<GetInstanceResponse> GetInstance(GetInstanceRequest request, ServerCallContext context) =>
        Task.FromResult(engine.Queries.Get(Key(context, request.InstanceId), request.GetInputsAndOutputs));

    public override Task<GetInstanceResponse> WaitForInstanceStart(GetInstanceRequest request, ServerCallContext context) =>
        engine.Queries.WaitAsync(
            request, App(context), status => status is not OrchestrationStatus.Pending, context.CancellationToken);

    public override Task<GetInstanceResponse> WaitForInstanceCompletion(GetInstanceRequest request, ServerCallContext context) =>
        engine.Queries.WaitAsync(request, App(context), Instance.IsEnd, context.CancellationToken);

    public override async Task<RaiseEventResponse> RaiseEvent(RaiseEventRequest request, ServerCallContext context)
    {
        await engine.Steering.RaiseAsync(Key(context, request.InstanceId), request);
        return new RaiseEventResponse();
    }

    public override async Task<TerminateResponse> TerminateInstance(TerminateRequest request, ServerCallContext context)
    {
        await engine.Steering.TerminateAsync(Key(context, request.InstanceId), request, context.CancellationToken);
        return new TerminateResponse();
    }

    public override async Task<SuspendResponse> SuspendInstance(SuspendRequest request, ServerCallContext context)
    {
        await engine.Steering.SuspendAsync(Key(context, request.InstanceId), request, context.CancellationToken);
        return new SuspendResponse();
    }

    public override async Task<ResumeResponse> ResumeInstance(ResumeRequest request, ServerCallContext context)
    {
        await engine.Steering.ResumeAsync(Key(context, request.InstanceId), request, context.CancellationToken);
        return new ResumeResponse();
    }

    public override async Task<PurgeInstancesResponse> PurgeInstances(PurgeInstancesRequest request, ServerCallContext context)
    {
        if (request.RequestCase is not PurgeInstancesRequest.RequestOneofCase.InstanceId)
        {
            throw new WorkflowRefusedException(StatusCode.Unimplemented, "Purging by a filter is not supported: name an instance.");
        }

        var count = await engine.Purge.RunAsync(Key(context, request.InstanceId), request.Recursive, request.Force);
        return new PurgeInstancesResponse { DeletedInstanceCount = count, IsComplete = true };
    }

    public override Task<ListInstanceIDsResponse> ListInstanceIDs(ListInstanceIDsRequest request, ServerCallContext context) =>
        Task.FromResult(engine.Queries.List(App(context), request));

    public override Task<GetInstanceHistoryResponse> GetInstanceHistory(GetInstanceHistoryRequest request, ServerCallContext context) =>
        Task.FromResult(engine.Queries.History(Key(context, request.InstanceId)));

    public override async Task<RerunWorkflowFromEventResponse> RerunWorkflowFromEvent(
        RerunWorkflowFromEventRequest request, ServerCallContext context) =>
        new() { NewInstanceID = await engine.Rerun.RunAsync(App(context), request) };

    private static string App(ServerCallContext context) => context.GetHttpContext().App().App.Id;

    private static InstanceKey Key(ServerCallContext context, string id) => new(App(context), id);
}
