using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.WorkflowContracts;
using Kind = MeshWorkflow.WorkflowContracts.WorkflowAction.WorkflowActionTypeOneofCase;

namespace MeshWorkflow.Tests.Worker.Replay;

/// <summary>History events as a sidecar writes them.</summary>
internal static class Events
{
    public static HistoryEvent TurnStarted(WorkflowVersion? version = null) =>
        new() { EventId = -1, WorkflowStarted = new WorkflowStartedEvent { Version = version } };

    public static HistoryEvent Started(string name, string? input, string instanceId, string appId = "app") => new()
    {
        EventId = -1,
        ExecutionStarted = new ExecutionStartedEvent
        {
            Name = name,
            Input = input,
            WorkflowInstance = new WorkflowInstance { InstanceId = instanceId },
        },
        Router = new TaskRouter { SourceAppID = appId },
    };

    public static HistoryEvent Completed(int id, string? result = null) =>
        new() { EventId = -1, TaskCompleted = new TaskCompletedEvent { TaskScheduledId = id, Result = result } };

    public static HistoryEvent Failed(int id, string type = "System.InvalidOperationException", string message = "no") => new()
    {
        EventId = -1,
        TaskFailed = new TaskFailedEvent
        {
            TaskScheduledId = id,
            FailureDetails = new TaskFailureDetails { ErrorType = type, ErrorMessage = message },
        },
    };

    public static HistoryEvent Fired(int id) => new() { EventId = -1, TimerFired = new TimerFiredEvent { TimerId = id } };

    public static HistoryEvent Raised(string name, string? input = null) =>
        new() { EventId = -1, EventRaised = new EventRaisedEvent { Name = name, Input = input } };

    public static HistoryEvent ChildCompleted(int id, string? result = null) => new()
    {
        EventId = -1,
        ChildWorkflowInstanceCompleted = new ChildWorkflowInstanceCompletedEvent { TaskScheduledId = id, Result = result },
    };

    public static HistoryEvent ChildFailed(int id, TaskFailureDetails? failure = null) => new()
    {
        EventId = -1,
        ChildWorkflowInstanceFailed = new ChildWorkflowInstanceFailedEvent { TaskScheduledId = id, FailureDetails = failure },
    };

    public static HistoryEvent Scheduled(int id, string name) =>
        new() { EventId = id, TaskScheduled = new TaskScheduledEvent { Name = name } };

    public static HistoryEvent Suspended() => new() { EventId = -1, ExecutionSuspended = new ExecutionSuspendedEvent() };

    public static HistoryEvent Resumed() => new() { EventId = -1, ExecutionResumed = new ExecutionResumedEvent() };

    public static HistoryEvent Terminated(string? output = null) =>
        new() { EventId = -1, ExecutionTerminated = new ExecutionTerminatedEvent { Input = output } };

    public static HistoryEvent? Confirmation(WorkflowAction action) => action.WorkflowActionTypeCase switch
    {
        Kind.ScheduleTask => new HistoryEvent
        {
            EventId = action.Id,
            TaskScheduled = new TaskScheduledEvent
            {
                Name = action.ScheduleTask.Name,
                Input = action.ScheduleTask.Input,
                TaskExecutionId = action.ScheduleTask.TaskExecutionId,
            },
        },
        Kind.CreateTimer => new HistoryEvent
        {
            EventId = action.Id,
            TimerCreated = Created(action.CreateTimer),
        },
        Kind.CreateChildWorkflow => new HistoryEvent
        {
            EventId = action.Id,
            ChildWorkflowInstanceCreated = new ChildWorkflowInstanceCreatedEvent
            {
                InstanceId = action.CreateChildWorkflow.InstanceId,
                Name = action.CreateChildWorkflow.Name,
            },
        },
        Kind.SendEvent => new HistoryEvent
        {
            EventId = action.Id,
            EventSent = new EventSentEvent { InstanceId = action.SendEvent.Instance.InstanceId, Name = action.SendEvent.Name },
        },
        _ => null,
    };

    private static TimerCreatedEvent Created(CreateTimerAction timer)
    {
        var created = new TimerCreatedEvent { FireAt = timer.FireAt };
        switch (timer.OriginCase)
        {
            case CreateTimerAction.OriginOneofCase.CreateTimer:
                created.CreateTimer = timer.CreateTimer;
                break;
            case CreateTimerAction.OriginOneofCase.ExternalEvent:
                created.ExternalEvent = timer.ExternalEvent;
                break;
            case CreateTimerAction.OriginOneofCase.ActivityRetry:
                created.ActivityRetry = timer.ActivityRetry;
                break;
            case CreateTimerAction.OriginOneofCase.ChildWorkflowRetry:
                created.ChildWorkflowRetry = timer.ChildWorkflowRetry;
                break;
        }

        return created;
    }

    public static Timestamp Never { get; } = new() { Seconds = 253402300799, Nanos = 999999999 };
}
