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
        state.Thread.Verify();
        return state.Patches.IsPatched(patchName, IsReplaying);
    }

    public override Task<T> CallActivityAsync<T>(string name, object? input = null, WorkflowTaskOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        state.Thread.Verify();
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
        state.Thread.Verify();
        var payload = Serialize(input);
        var chosenId = string.IsNullOrEmpty(options?.InstanceId) ? null : options.InstanceId;

        // The pauses of a retried child without an id of its own bear an id that no attempt has: so the official worker counts.
        var pausesId = options?.RetryPolicy is null ? null : chosenId ?? NewGuid().ToString();
        return RetryLoop.RunAsync(
            options?.RetryPolicy,
            () => CurrentUtcDateTime,
            () =>
            {
                var childId = chosenId ?? NewGuid().ToString();
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

                if (chosenId is null)
                {
                    state.Actions.ChildIdIsDerived(action);
                }

                return Open<TResult>(action, failure => Failures.OfChild(workflowName, failure));
            },
            pause => Timer(pause, timer => timer.ChildWorkflowRetry = new TimerOriginChildWorkflowRetry { InstanceId = pausesId }));
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken) =>
        Timer(At(fireAt), timer => timer.CreateTimer = new TimerOriginCreateTimer(), cancellationToken: cancellationToken);

    public override Task<T> WaitForExternalEventAsync<T>(string eventName, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        state.Thread.Verify();
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
            return Task.FromCanceled<T>(new CancellationToken(canceled: true));
        }

        var fireAt = timeout < TimeSpan.Zero ? ActionKind.Never : At(CurrentUtcDateTime.Add(timeout));

        // The timer's number is taken before the inbox is looked at, so that numbers do not depend on what has come already.
        var timer = Timer(fireAt, origin => origin.ExternalEvent = new TimerOriginExternalEvent { Name = eventName }, wakes: false);
        var received = state.Events.WaitAsync(eventName, Deserialize<T>, out var waiter);
        _ = CancelWhenFired(timer, waiter);
        return received;
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        state.Thread.Verify();
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

    public override void SetCustomStatus(object? customStatus)
    {
        state.Thread.Verify();
        state.CustomStatus = customStatus is null ? null : Serialize(customStatus);
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true)
    {
        state.Thread.Verify();
        var again = new CompleteWorkflowAction { WorkflowStatus = OrchestrationStatus.ContinuedAsNew, Result = Serialize(newInput) };
        state.Actions.Add(new WorkflowAction { Id = state.Actions.NextId(), CompleteWorkflow = again });
        state.Continuations.Add(new Continuation(again, preserveUnprocessedEvents));
    }

    public override Guid NewGuid()
    {
        state.Thread.Verify();
        return identity.Ids.NewGuid();
    }

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

    private Task<object?> Timer(
        Timestamp fireAt, Action<CreateTimerAction> origin, bool wakes = true, CancellationToken cancellationToken = default)
    {
        state.Thread.Verify();
        var timer = new CreateTimerAction { FireAt = fireAt };
        origin(timer);
        var action = new WorkflowAction { Id = state.Actions.NextId(), CreateTimer = timer };
        var open = state.Open(
            action,
            new OpenTask<object?>(Kind.CreateTimer, _ => null, _ => new InvalidOperationException("A timer can't fail."), wakes));
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
