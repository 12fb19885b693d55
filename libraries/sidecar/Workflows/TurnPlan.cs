using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>What an instance's next turn takes from its inbox.</summary>
internal static class TurnPlan
{
    /// <summary>
    /// The events that the next turn takes; none: there is no turn yet. A suspended instance waits for its resumption; a turn
    /// ends where a suspension begins.
    /// </summary>
    public static IReadOnlyList<InboxEvent> Take(Instance instance)
    {
        var ready = instance.Ready.ToList();
        var terminated = ready.FindIndex(arrived => arrived.Event.ExecutionTerminated is not null);
        if (terminated >= 0)
        {
            return ready[..(terminated + 1)];
        }

        if (instance.Status is OrchestrationStatus.Suspended && !ready.Exists(arrived => arrived.Event.ExecutionResumed is not null))
        {
            return [];
        }

        var suspended = ready.FindIndex(arrived => arrived.Event.ExecutionSuspended is not null);
        return suspended < 0 ? ready : ready[..(suspended + 1)];
    }

    /// <summary>Leaves out what ends nothing that is open: second deliveries, and what was meant for an earlier run.</summary>
    public static IEnumerable<HistoryEvent> Concerning(Execution execution, IEnumerable<InboxEvent> taken)
    {
        var ended = new HashSet<(HistoryEvent.EventTypeOneofCase Kind, int Id)>();
        return taken.Select(arrived => arrived.Event)
            .Where(e => execution.Concerns(e) && (Ends(e) is not { } end || ended.Add(end)))
            .ToList();
    }

    // A task's failure ends the same thing as its completion.
    private static (HistoryEvent.EventTypeOneofCase Kind, int Id)? Ends(HistoryEvent historyEvent) => historyEvent switch
    {
        { TaskCompleted: { } e } => (HistoryEvent.EventTypeOneofCase.TaskCompleted, e.TaskScheduledId),
        { TaskFailed: { } e } => (HistoryEvent.EventTypeOneofCase.TaskCompleted, e.TaskScheduledId),
        { TimerFired: { } e } => (HistoryEvent.EventTypeOneofCase.TimerFired, e.TimerId),
        { ChildWorkflowInstanceCompleted: { } e } => (HistoryEvent.EventTypeOneofCase.ChildWorkflowInstanceCompleted, e.TaskScheduledId),
        { ChildWorkflowInstanceFailed: { } e } => (HistoryEvent.EventTypeOneofCase.ChildWorkflowInstanceCompleted, e.TaskScheduledId),
        _ => null,
    };
}
