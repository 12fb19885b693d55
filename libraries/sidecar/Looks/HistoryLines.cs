using MeshWorkflow.WorkflowContracts;
using Event = MeshWorkflow.WorkflowContracts.HistoryEvent.EventTypeOneofCase;

namespace MeshWorkflow.Sidecar.Looks;

/// <summary>A history for people: what happened when, without payloads, which may hold what isn't for every eye.</summary>
internal static class HistoryLines
{
    public static WorkflowHistoryLine Of(HistoryEvent e) =>
        new(e.EventId, e.Timestamp.ToDateTimeOffset(), e.EventTypeCase.ToString(), Text(e));

    private static string Text(HistoryEvent e) => e.EventTypeCase switch
    {
        Event.ExecutionStarted => e.ExecutionStarted.Name,
        Event.ExecutionCompleted => $"{e.ExecutionCompleted.WorkflowStatus} {Failure(e.ExecutionCompleted.FailureDetails)}".TrimEnd(),
        Event.ExecutionStalled => $"{e.ExecutionStalled.Reason}: {e.ExecutionStalled.Description}",
        Event.TaskScheduled => e.TaskScheduled.Name,
        Event.TaskCompleted => Number(e.TaskCompleted.TaskScheduledId),
        Event.TaskFailed => $"{Number(e.TaskFailed.TaskScheduledId)} {Failure(e.TaskFailed.FailureDetails)}".TrimEnd(),
        Event.ChildWorkflowInstanceCreated => $"{e.ChildWorkflowInstanceCreated.Name} {e.ChildWorkflowInstanceCreated.InstanceId}",
        Event.ChildWorkflowInstanceCompleted => Number(e.ChildWorkflowInstanceCompleted.TaskScheduledId),
        Event.ChildWorkflowInstanceFailed =>
            $"{Number(e.ChildWorkflowInstanceFailed.TaskScheduledId)} {Failure(e.ChildWorkflowInstanceFailed.FailureDetails)}".TrimEnd(),
        Event.TimerCreated => Timer(e.TimerCreated),
        Event.TimerFired => Number(e.TimerFired.TimerId),
        Event.EventRaised => e.EventRaised.Name,
        Event.EventSent => $"{e.EventSent.Name} to {e.EventSent.InstanceId}",
        _ => "",
    };

    private static string Timer(TimerCreatedEvent timer)
    {
        var until = timer.FireAt.Seconds < Workflows.TurnOutcome.NeverSeconds ? $"until {timer.FireAt.ToDateTimeOffset():u}" : "for ever";
        return timer.ExternalEvent is { } waited ? $"event {waited.Name} {until}" : until;
    }

    private static string Number(int id) => FormattableString.Invariant($"of {id}");

    private static string Failure(TaskFailureDetails? failure) => failure is null ? "" : $"{failure.ErrorType}: {failure.ErrorMessage}";
}
