using Dapr.Common.Serialization;
using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.WorkflowContracts;
using Microsoft.Extensions.Logging;
using Kind = MeshWorkflow.WorkflowContracts.WorkflowAction.WorkflowActionTypeOneofCase;

namespace Dapr.Workflow.Replay;

/// <summary>What a workflow's code sees of one turn.</summary>
internal sealed class ReplayContext(
    TurnIdentity identity, ReplayState state, IDaprSerializer serializer, ILoggerFactory loggers) : WorkflowContext
{
    public override string Name => identity.Name;

    public override string InstanceId => identity.InstanceId;

    public override DateTime CurrentUtcDateTime => state.Now;

    public override bool IsReplaying => state.IsReplaying;

    public override bool IsPatched(string patchName)
    {
        ArgumentException.ThrowIfNullOrEmpty(patchName);
        return state.Patches.IsPatched(patchName, IsReplaying);
    }

    public override Task<T> CallActivityAsync<T>(string name, object? input = null, WorkflowTaskOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var payload = Serialize(input);
        string? first = null;
        return RetryLoop.RunAsync(
            options?.RetryPolicy,
            () => CurrentUtcDateTime,
            () =>
            {
                var action = new WorkflowAction { Id = state.Actions.NextId(), Router = Router(options) };
                var executionId = identity.Ids.TaskExecutionId(action.Id, name);
                first ??= executionId;
                action.ScheduleTask = new ScheduleTaskAction
                {
                    Name = name,
                    Input = payload,
                    TaskExecutionId = executionId,
                    Router = Router(options),
                };
                if (options is { PropagationScope: not HistoryPropagationScope.None and var scope })
                {
                    action.ScheduleTask.HistoryPropagationScope = (MeshWorkflow.WorkflowContracts.HistoryPropagationScope)scope;
                }

                return Open<T>(action, failure => Failures.OfActivity(failure));
            },
            pause => Timer(pause, timer => timer.ActivityRetry = new TimerOriginActivityRetry { TaskExecutionId = first }));
    }

    public override Task<TResult> CallChildWorkflowAsync<TResult>(
        string workflowName, object? input = null, ChildWorkflowTaskOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(workflowName);
        var payload = Serialize(input);
        string? first = null;
        return RetryLoop.RunAsync(
            options?.RetryPolicy,
            () => CurrentUtcDateTime,
            () =>
            {
                var childId = string.IsNullOrEmpty(options?.InstanceId) ? NewGuid().ToString() : options.InstanceId;
                first ??= childId;
                var action = new WorkflowAction
                {
                    Id = state.Actions.NextId(),
                    Router = Router(options),
                    CreateChildWorkflow = new CreateChildWorkflowAction
                    {
                        InstanceId = childId,
                        Name = workflowName,
                        Input = payload,
                        Router = Router(options),
                    },
                };
                if (options is { PropagationScope: not HistoryPropagationScope.None and var scope })
                {
                    action.CreateChildWorkflow.HistoryPropagationScope = (MeshWorkflow.WorkflowContracts.HistoryPropagationScope)scope;
                }

                return Open<TResult>(action, failure => Failures.OfChild(workflowName, failure));
            },
            pause => Timer(pause, timer => timer.ChildWorkflowRetry = new TimerOriginChildWorkflowRetry { InstanceId = first }));
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken) =>
        Timer(At(fireAt), timer => timer.CreateTimer = new TimerOriginCreateTimer(), cancellationToken);

    public override Task<T> WaitForExternalEventAsync<T>(string eventName, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        var received = state.Events.WaitAsync(eventName, Deserialize<T>, out var waiter);
        if (cancellationToken.CanBeCanceled)
        {
            cancellationToken.Register(() => waiter.Cancel(cancellationToken));
        }

        return received;
    }

    public override Task<T> WaitForExternalEventAsync<T>(string eventName, TimeSpan timeout)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        if (timeout == TimeSpan.Zero)
        {
            return Task.FromException<T>(new TaskCanceledException($"No time was given to wait for event '{eventName}'."));
        }

        var fireAt = timeout < TimeSpan.Zero
            ? new Timestamp { Seconds = ActionLog.NeverSeconds, Nanos = ActionLog.NeverNanos }
            : At(CurrentUtcDateTime.Add(timeout));
        EventInbox.Waiter? waiter = null;

        // The timer's number is taken before the inbox is looked at, so that numbers do not depend on what has come already.
        var timer = Timer(fireAt, origin => origin.ExternalEvent = new TimerOriginExternalEvent { Name = eventName });
        var received = state.Events.WaitAsync(eventName, Deserialize<T>, out waiter);
        _ = CancelWhenFired(timer, waiter);
        return received;
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        state.Actions.Add(new WorkflowAction
        {
            Id = state.Actions.NextId(),
            SendEvent = new SendEventAction
            {
                Instance = new WorkflowInstance { InstanceId = instanceId },
                Name = eventName,
                Data = Serialize(payload),
            },
        });
    }

    public override void SetCustomStatus(object? customStatus) =>
        state.CustomStatus = customStatus is null ? null : Serialize(customStatus);

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        state.Continuation = new Continuation(state.Actions.NextId(), Serialize(newInput), preserveUnprocessedEvents);

    public override Guid NewGuid() => identity.Ids.NewGuid();

    public override ILogger CreateReplaySafeLogger(string categoryName) =>
        new ReplaySafeLogger(loggers.CreateLogger(categoryName), this);

    public override ILogger CreateReplaySafeLogger(System.Type type) => new ReplaySafeLogger(loggers.CreateLogger(type), this);

    public override ILogger CreateReplaySafeLogger<T>() => new ReplaySafeLogger(loggers.CreateLogger<T>(), this);

    public override PropagatedHistory? GetPropagatedHistory() => null;

    private static async Task CancelWhenFired(Task timer, EventInbox.Waiter waiter)
    {
        await timer;
        waiter.Cancel();
    }

    private Task<T> Open<T>(WorkflowAction action, Func<TaskFailureDetails?, Exception> failed) =>
        state.Open(action, new OpenTask<T>(action.WorkflowActionTypeCase, Deserialize<T>, failed)).Task;

    private Task<object?> Timer(TimeSpan delay, Action<CreateTimerAction> origin) => Timer(At(CurrentUtcDateTime.Add(delay)), origin);

    private Task<object?> Timer(Timestamp fireAt, Action<CreateTimerAction> origin, CancellationToken cancellationToken = default)
    {
        var timer = new CreateTimerAction { FireAt = fireAt };
        origin(timer);
        var action = new WorkflowAction { Id = state.Actions.NextId(), CreateTimer = timer };
        var open = state.Open(
            action, new OpenTask<object?>(Kind.CreateTimer, _ => null, _ => new InvalidOperationException("A timer can't fail.")));
        if (cancellationToken.CanBeCanceled)
        {
            cancellationToken.Register(() => open.Cancel(cancellationToken));
        }

        return open.Task;
    }

    private TaskRouter? Router(WorkflowTaskOptions? options) =>
        string.IsNullOrEmpty(options?.TargetAppId) || string.IsNullOrEmpty(identity.AppId)
            ? null
            : new TaskRouter { SourceAppID = identity.AppId, TargetAppID = options.TargetAppId };

    // A time without a kind is taken as UTC: the machine's own zone would make replays differ.
    private static Timestamp At(DateTime time) =>
        Timestamp.FromDateTime(time.Kind is DateTimeKind.Local ? time.ToUniversalTime() : System.DateTime.SpecifyKind(time, DateTimeKind.Utc));

    private string Serialize(object? value) => value is null ? "" : serializer.Serialize(value);

    private T Deserialize<T>(string? payload) => string.IsNullOrEmpty(payload) ? default! : serializer.Deserialize<T>(payload)!;
}
