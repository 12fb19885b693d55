using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MeshWorkflow.WorkflowContracts;
using Event = MeshWorkflow.WorkflowContracts.HistoryEvent.EventTypeOneofCase;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>
/// The beginning of an instance that runs another one again from an event on: the history before that event, with the event and
/// all that had not ended by then to be done again. Pure.
/// </summary>
internal sealed class HistoryFork(InstanceKey source, InstanceKey target, RerunWorkflowFromEventRequest request, Timestamp now)
{
    private readonly TurnOutcome _outcome = new();
    private ExecutionStartedEvent _started = new();

    /// <param name="history">The source's history.</param>
    /// <param name="newExecutionId">Makes execution ids.</param>
    /// <exception cref="WorkflowRefusedException">There is no such event, or it is none that can be done again.</exception>
    public TurnOutcome Build(IReadOnlyList<HistoryEvent> history, Func<string> newExecutionId)
    {
        var index = IndexOf(history);
        var before = history.Take(index).ToList();
        var ended = before.Select(EndOf).OfType<(Event, int)>().ToHashSet();
        foreach (var historyEvent in before.Where(e => e.ExecutionStalled is null).Select(e => e.Clone()))
        {
            if (IsRepeatable(historyEvent) && !ended.Contains((historyEvent.EventTypeCase, historyEvent.EventId)))
            {
                Repeat(historyEvent, newExecutionId);
                continue;
            }

            if (historyEvent.ExecutionStarted is { } started)
            {
                _started = started;
                started.WorkflowInstance = new WorkflowInstance { InstanceId = target.Id, ExecutionId = newExecutionId() };
            }

            _outcome.Events.Add(historyEvent);
        }

        var wanted = history[index].Clone();
        Change(wanted);
        Repeat(wanted, newExecutionId, request.HasNewChildWorkflowInstanceID ? request.NewChildWorkflowInstanceID : null);
        _outcome.Status = TurnActions.StatusAfter(_outcome.Events, OrchestrationStatus.Running);
        return _outcome;
    }

    private int IndexOf(IReadOnlyList<HistoryEvent> history)
    {
        var id = unchecked((int)request.EventID);
        for (var i = 0; i < history.Count; i++)
        {
            if (history[i].EventId == id)
            {
                return IsRepeatable(history[i])
                    ? i
                    : throw new WorkflowRefusedException(
                        StatusCode.NotFound,
                        $"target event '{history[i].EventTypeCase}' with ID '{request.EventID}' is not an event that can be rerun");
            }
        }

        throw new WorkflowRefusedException(
            StatusCode.NotFound, $"'{source.Id}' does not have history event with ID '{request.EventID}'");
    }

    // What the caller wants to be different this time.
    private void Change(HistoryEvent wanted)
    {
        if (request.HasNewChildWorkflowInstanceID && wanted.ChildWorkflowInstanceCreated is null)
        {
            throw new WorkflowRefusedException(
                StatusCode.InvalidArgument, $"event '{wanted.EventId}' starts no child workflow: it can't get a new child id");
        }

        if (!request.OverwriteInput)
        {
            return;
        }

        switch (wanted.EventTypeCase)
        {
            case Event.TaskScheduled:
                wanted.TaskScheduled.Input = request.Input;
                break;
            case Event.ChildWorkflowInstanceCreated:
                wanted.ChildWorkflowInstanceCreated.Input = request.Input;
                break;
            default:
                throw new WorkflowRefusedException(
                    StatusCode.InvalidArgument, $"cannot write input to timer event '{wanted.EventId}'");
        }
    }

    private void Repeat(HistoryEvent historyEvent, Func<string> newExecutionId, string? childId = null)
    {
        var origin = new RerunParentInstanceInfo { InstanceID = source.Id };
        var id = historyEvent.EventId;
        historyEvent.Timestamp = now;
        _outcome.Events.Add(historyEvent);
        switch (historyEvent.EventTypeCase)
        {
            case Event.TaskScheduled:
                historyEvent.TaskScheduled.RerunParentInstanceInfo = origin;
                _outcome.Activities.Add((AppOf(historyEvent), TurnActions.ActivityOf(_started.WorkflowInstance, id, historyEvent.TaskScheduled)));
                break;
            case Event.TimerCreated:
                historyEvent.TimerCreated.RerunParentInstanceInfo = origin;
                _outcome.AddTimer(id, historyEvent.TimerCreated.FireAt);
                break;
            default:
                var created = historyEvent.ChildWorkflowInstanceCreated;
                created.RerunParentInstanceInfo = origin;
                created.InstanceId = childId ?? string.Create(CultureInfo.InvariantCulture, $"{target.Id}:{id:x4}");
                _outcome.Children.Add(TurnActions.ChildOf(target, AppOf(historyEvent), id, created, _started, newExecutionId(), now));
                break;
        }
    }

    private static bool IsRepeatable(HistoryEvent historyEvent) =>
        historyEvent.EventTypeCase is Event.TaskScheduled or Event.TimerCreated or Event.ChildWorkflowInstanceCreated;

    private static (Event Kind, int Id)? EndOf(HistoryEvent historyEvent) => historyEvent switch
    {
        { TaskCompleted: { } e } => (Event.TaskScheduled, e.TaskScheduledId),
        { TaskFailed: { } e } => (Event.TaskScheduled, e.TaskScheduledId),
        { TimerFired: { } e } => (Event.TimerCreated, e.TimerId),
        { ChildWorkflowInstanceCompleted: { } e } => (Event.ChildWorkflowInstanceCreated, e.TaskScheduledId),
        { ChildWorkflowInstanceFailed: { } e } => (Event.ChildWorkflowInstanceCreated, e.TaskScheduledId),
        _ => null,
    };

    private string AppOf(HistoryEvent historyEvent) =>
        historyEvent.Router is { HasTargetAppID: true, TargetAppID.Length: > 0 } router ? router.TargetAppID : target.App;
}
