using System.Collections.Concurrent;
using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Benchmarks.Ceiling;

/// <summary>
/// What gRPC alone allows: the same calls and messages as a sidecar's for chains of activities, histories included, with nothing
/// behind them: no disk, no checks, no order to keep. One worker.
/// </summary>
internal sealed class BareHub : TaskHubSidecarService.TaskHubSidecarServiceBase
{
    private readonly Channel<WorkItem> _work = Channel.CreateUnbounded<WorkItem>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<string, Chain> _chains = new();

    public override Task<Empty> Hello(Empty request, ServerCallContext context) => Task.FromResult(request);

    public override async Task GetWorkItems(
        GetWorkItemsRequest request, IServerStreamWriter<WorkItem> responseStream, ServerCallContext context)
    {
        await context.WriteResponseHeadersAsync([]);
        await foreach (var item in _work.Reader.ReadAllAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(item, context.CancellationToken);
        }
    }

    public override async Task<CreateInstanceResponse> StartInstance(CreateInstanceRequest request, ServerCallContext context)
    {
        var chain = _chains[request.InstanceId] = new Chain(request.InstanceId);
        Begin(chain, new HistoryEvent
        {
            EventId = -1,
            Timestamp = new Timestamp(),
            ExecutionStarted = new ExecutionStartedEvent
            {
                Name = request.Name,
                Input = request.Input,
                WorkflowInstance = new WorkflowInstance { InstanceId = request.InstanceId, ExecutionId = chain.Token },
            },
            Router = new TaskRouter { SourceAppID = "bench" },
        });
        await chain.Begun.Task;
        return new CreateInstanceResponse { InstanceId = request.InstanceId };
    }

    public override async Task<GetInstanceResponse> WaitForInstanceCompletion(GetInstanceRequest request, ServerCallContext context)
    {
        await _chains[request.InstanceId].Ended.Task;
        _chains.TryRemove(request.InstanceId, out _);
        return new GetInstanceResponse
        {
            Exists = true,
            WorkflowState = new WorkflowState { InstanceId = request.InstanceId, WorkflowStatus = OrchestrationStatus.Completed },
        };
    }

    public override Task<CompleteTaskResponse> CompleteOrchestratorTask(WorkflowResponse request, ServerCallContext context)
    {
        var chain = _chains[request.InstanceId];
        chain.History.AddRange(chain.NewEvents);
        foreach (var action in request.Actions)
        {
            if (action.ScheduleTask is { } call)
            {
                chain.History.Add(new HistoryEvent
                {
                    EventId = action.Id,
                    Timestamp = new Timestamp(),
                    TaskScheduled = new TaskScheduledEvent { Name = call.Name, Input = call.Input, TaskExecutionId = call.TaskExecutionId },
                });
                _work.Writer.TryWrite(Activity(chain, action.Id, call));
            }
            else
            {
                chain.Ended.SetResult();
            }
        }

        chain.Begun.TrySetResult();
        return Task.FromResult(new CompleteTaskResponse());
    }

    public override Task<CompleteTaskResponse> CompleteActivityTask(ActivityResponse request, ServerCallContext context)
    {
        Begin(_chains[request.InstanceId], new HistoryEvent
        {
            EventId = -1,
            Timestamp = new Timestamp(),
            TaskCompleted = new TaskCompletedEvent { TaskScheduledId = request.TaskId, Result = request.Result },
        });
        return Task.FromResult(new CompleteTaskResponse());
    }

    private void Begin(Chain chain, HistoryEvent arrived)
    {
        chain.NewEvents = [new HistoryEvent { EventId = -1, Timestamp = new Timestamp(), WorkflowStarted = new WorkflowStartedEvent() }, arrived];
        _work.Writer.TryWrite(new WorkItem
        {
            WorkflowRequest = new WorkflowRequest
            {
                InstanceId = chain.Id,
                ExecutionId = chain.Token,
                PastEvents = { chain.History },
                NewEvents = { chain.NewEvents },
            },
            CompletionToken = chain.Token,
        });
    }

    private static WorkItem Activity(Chain chain, int id, ScheduleTaskAction call) => new()
    {
        ActivityRequest = new ActivityRequest
        {
            Name = call.Name,
            Input = call.Input,
            TaskId = id,
            TaskExecutionId = call.TaskExecutionId,
            WorkflowInstance = new WorkflowInstance { InstanceId = chain.Id, ExecutionId = chain.Token },
        },
        CompletionToken = chain.Token,
    };

    private sealed class Chain(string id)
    {
        public string Id { get; } = id;

        // As long as a real one.
        public string Token { get; } = id.PadLeft(32, '0')[^32..];

        public List<HistoryEvent> History { get; } = [];

        public IReadOnlyList<HistoryEvent> NewEvents { get; set; } = [];

        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
