using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.Sidecar.Workflows;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Sidecar.Looks;

/// <summary>What an instance waits for, read from its history and inbox.</summary>
internal static class Waits
{
    public static IReadOnlyList<WorkflowWait> Of(Instance instance)
    {
        if (instance.IsTerminal)
        {
            return [];
        }

        var waits = new List<WorkflowWait>();
        if (Hold(instance) is { } hold)
        {
            waits.Add(hold);
        }
        else if (instance.Inbox is [var first, ..])
        {
            waits.Add(new WorkflowWait(
                WaitReason.Turn, Invariant($"{instance.Inbox.Count} events"), Time(first.Event.Timestamp), Until: null, instance.Key.App));
        }

        var answered = Answered(instance.Execution.History);
        waits.AddRange(instance.Execution.Open.Where(e => !answered.Contains(e.EventId)).Select(e => Open(instance, e)));
        return waits is []
            ? [new WorkflowWait(WaitReason.Event, "any event", Time(instance.Execution.History[^1].Timestamp), Until: null, App: null)]
            : waits;
    }

    // Waits for an event leave their timer behind when it comes. Which of several waits it has ended only the code knows: the oldest.
    private static HashSet<int> Answered(IReadOnlyList<HistoryEvent> history)
    {
        var answered = new HashSet<int>();
        var waiting = new List<HistoryEvent>();
        foreach (var e in history)
        {
            if (e.TimerCreated?.ExternalEvent is not null)
            {
                waiting.Add(e);
            }
            else if (e.EventRaised is { } raised && waiting.Find(w => IsFor(w, raised.Name)) is { } found)
            {
                waiting.Remove(found);
                answered.Add(found.EventId);
            }
        }

        return answered;
    }

    private static bool IsFor(HistoryEvent wait, string name) =>
        string.Equals(wait.TimerCreated.ExternalEvent.Name, name, StringComparison.OrdinalIgnoreCase);

    private static WorkflowWait? Hold(Instance instance) => instance switch
    {
        { Status: OrchestrationStatus.Stalled } => Last(
            instance, WaitReason.Repair, e => e.ExecutionStalled is not null, e => $"{e.ExecutionStalled.Reason}: {e.ExecutionStalled.Description}"),
        { Status: OrchestrationStatus.Suspended } => Last(
            instance, WaitReason.Resumption, e => e.ExecutionSuspended is not null, e => e.ExecutionSuspended.Input ?? ""),
        { Status: OrchestrationStatus.Pending, StartAt: { } startAt } => new WorkflowWait(
            WaitReason.Start, "", Time(instance.CreatedAt), Time(startAt), instance.Key.App),
        _ => null,
    };

    private static WorkflowWait? Last(Instance instance, WaitReason reason, Func<HistoryEvent, bool> isIt, Func<HistoryEvent, string> text) =>
        instance.Execution.History.LastOrDefault(isIt) is { } found
            ? new WorkflowWait(reason, text(found), Time(found.Timestamp), Until: null, App: null)
            : null;

    private static WorkflowWait Open(Instance instance, HistoryEvent opened)
    {
        var app = opened.Router is { HasTargetAppID: true, TargetAppID.Length: > 0 } router ? router.TargetAppID : instance.Key.App;
        var since = Time(opened.Timestamp);
        return opened switch
        {
            { TaskScheduled: { } task } => new WorkflowWait(WaitReason.Activity, task.Name, since, Until: null, app),
            { ChildWorkflowInstanceCreated: { } child } => new WorkflowWait(WaitReason.Child, child.InstanceId, since, Until: null, app),
            { TimerCreated: { ExternalEvent: { } waited } timer } => new WorkflowWait(
                WaitReason.Event, waited.Name, since, Until(timer.FireAt), App: null),
            { TimerCreated: { ActivityRetry: not null } timer } => new WorkflowWait(WaitReason.Retry, "activity", since, Until(timer.FireAt), app),
            { TimerCreated: { ChildWorkflowRetry: { } child } timer } => new WorkflowWait(
                WaitReason.Retry, child.InstanceId, since, Until(timer.FireAt), app),
            _ => new WorkflowWait(WaitReason.Timer, opened.TimerCreated.Name, since, Until(opened.TimerCreated.FireAt), App: null),
        };
    }

    private static DateTimeOffset? Until(Timestamp time) => time.Seconds < TurnOutcome.NeverSeconds ? Time(time) : null;

    private static DateTimeOffset Time(Timestamp time) => time.ToDateTimeOffset();

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
