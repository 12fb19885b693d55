using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>The events that come from outside of an instance.</summary>
internal static class Arrivals
{
    public static HistoryEvent Started(string app, string id, string name, string? input, string executionId, Timestamp now) => new()
    {
        EventId = -1,
        Timestamp = now,
        ExecutionStarted = new ExecutionStartedEvent
        {
            Name = name,
            Input = input,
            WorkflowInstance = new WorkflowInstance { InstanceId = id, ExecutionId = executionId },
        },

        // The worker learns its own app id from here; without it TargetAppId has no effect.
        Router = new TaskRouter { SourceAppID = app },
    };

    public static HistoryEvent Raised(string name, string? input, Timestamp now) =>
        new() { EventId = -1, Timestamp = now, EventRaised = new EventRaisedEvent { Name = name, Input = input } };

    public static HistoryEvent Terminated(string? output, bool recurse, Timestamp now) => new()
    {
        EventId = -1,
        Timestamp = now,
        ExecutionTerminated = new ExecutionTerminatedEvent { Input = output, Recurse = recurse },
    };

    public static HistoryEvent Suspended(string? reason, Timestamp now) =>
        new() { EventId = -1, Timestamp = now, ExecutionSuspended = new ExecutionSuspendedEvent { Input = reason } };

    public static HistoryEvent Resumed(string? reason, Timestamp now) =>
        new() { EventId = -1, Timestamp = now, ExecutionResumed = new ExecutionResumedEvent { Input = reason } };

    public static HistoryEvent TurnStarted(Timestamp now) =>
        new() { EventId = -1, Timestamp = now, WorkflowStarted = new WorkflowStartedEvent() };

    public static HistoryEvent Ended(ActivityRequest request, ActivityResponse response, Timestamp now) =>
        response.FailureDetails is { } failure
            ? new HistoryEvent
            {
                EventId = -1,
                Timestamp = now,
                TaskFailed = new TaskFailedEvent
                {
                    TaskScheduledId = request.TaskId,
                    FailureDetails = failure,
                    TaskExecutionId = request.TaskExecutionId,
                },
            }
            : new HistoryEvent
            {
                EventId = -1,
                Timestamp = now,
                TaskCompleted = new TaskCompletedEvent
                {
                    TaskScheduledId = request.TaskId,
                    Result = response.Result,
                    TaskExecutionId = request.TaskExecutionId,
                },
            };

    public static HistoryEvent ChildEnded(int taskScheduledId, ExecutionCompletedEvent end, Timestamp now) =>
        end.WorkflowStatus is OrchestrationStatus.Completed
            ? new HistoryEvent
            {
                EventId = -1,
                Timestamp = now,
                ChildWorkflowInstanceCompleted = new ChildWorkflowInstanceCompletedEvent
                {
                    TaskScheduledId = taskScheduledId,
                    Result = end.Result,
                },
            }
            : ChildFailed(taskScheduledId, end.FailureDetails, now);

    public static HistoryEvent ChildFailed(int taskScheduledId, TaskFailureDetails? failure, Timestamp now) => new()
    {
        EventId = -1,
        Timestamp = now,
        ChildWorkflowInstanceFailed = new ChildWorkflowInstanceFailedEvent
        {
            TaskScheduledId = taskScheduledId,
            FailureDetails = failure,
        },
    };
}
