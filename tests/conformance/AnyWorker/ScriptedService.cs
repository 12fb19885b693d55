using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests.Conformance.AnyWorker;

/// <summary>Dapr's workflow service, by a script.</summary>
internal sealed class ScriptedService(Script script) : TaskHubSidecarService.TaskHubSidecarServiceBase
{
    public override Task<Empty> Hello(Empty request, ServerCallContext context)
    {
        script.Hellos.Add();
        return Task.FromResult(new Empty());
    }

    public override async Task GetWorkItems(
        GetWorkItemsRequest request, IServerStreamWriter<WorkItem> responseStream, ServerCallContext context)
    {
        script.Open(context.RequestHeaders);
        await context.WriteResponseHeadersAsync([]);
        try
        {
            await foreach (var item in script.Work.Reader.ReadAllAsync(context.CancellationToken))
            {
                if (ReferenceEquals(item, Script.EndOfStream))
                {
                    return;
                }

                await responseStream.WriteAsync(item);
            }
        }
        catch (OperationCanceledException)
        {
            // The worker has gone; what it had not read stays for the next one.
        }
    }

    public override Task<CompleteTaskResponse> CompleteOrchestratorTask(WorkflowResponse request, ServerCallContext context)
    {
        if (script.Turns.TryRemove(request.InstanceId, out var answer))
        {
            answer.TrySetResult(request);
        }

        return Task.FromResult(new CompleteTaskResponse());
    }

    public override Task<CompleteTaskResponse> CompleteWorkflowTask(WorkflowResponse request, ServerCallContext context) =>
        CompleteOrchestratorTask(request, context);

    public override Task<CompleteTaskResponse> CompleteActivityTask(ActivityResponse request, ServerCallContext context)
    {
        if (script.Calls.TryRemove((request.InstanceId, request.TaskId), out var answer))
        {
            answer.TrySetResult(request);
        }

        return Task.FromResult(new CompleteTaskResponse());
    }

    public override Task<CreateInstanceResponse> StartInstance(CreateInstanceRequest request, ServerCallContext context) =>
        script.AnswerTo<CreateInstanceResponse>(request, context);

    public override Task<GetInstanceResponse> GetInstance(GetInstanceRequest request, ServerCallContext context) =>
        script.AnswerTo<GetInstanceResponse>(request, context);

    public override Task<GetInstanceResponse> WaitForInstanceStart(GetInstanceRequest request, ServerCallContext context) =>
        script.AnswerTo<GetInstanceResponse>(request, context);

    public override Task<GetInstanceResponse> WaitForInstanceCompletion(GetInstanceRequest request, ServerCallContext context) =>
        script.AnswerTo<GetInstanceResponse>(request, context);

    public override Task<RaiseEventResponse> RaiseEvent(RaiseEventRequest request, ServerCallContext context) =>
        script.AnswerTo<RaiseEventResponse>(request, context);

    public override Task<TerminateResponse> TerminateInstance(TerminateRequest request, ServerCallContext context) =>
        script.AnswerTo<TerminateResponse>(request, context);

    public override Task<SuspendResponse> SuspendInstance(SuspendRequest request, ServerCallContext context) =>
        script.AnswerTo<SuspendResponse>(request, context);

    public override Task<ResumeResponse> ResumeInstance(ResumeRequest request, ServerCallContext context) =>
        script.AnswerTo<ResumeResponse>(request, context);

    public override Task<PurgeInstancesResponse> PurgeInstances(PurgeInstancesRequest request, ServerCallContext context) =>
        script.AnswerTo<PurgeInstancesResponse>(request, context);

    public override Task<ListInstanceIDsResponse> ListInstanceIDs(ListInstanceIDsRequest request, ServerCallContext context) =>
        script.AnswerTo<ListInstanceIDsResponse>(request, context);

    public override Task<GetInstanceHistoryResponse> GetInstanceHistory(GetInstanceHistoryRequest request, ServerCallContext context) =>
        script.AnswerTo<GetInstanceHistoryResponse>(request, context);

    public override Task<RerunWorkflowFromEventResponse> RerunWorkflowFromEvent(
        RerunWorkflowFromEventRequest request, ServerCallContext context) =>
        script.AnswerTo<RerunWorkflowFromEventResponse>(request, context);
}
