using MeshWorkflow.WorkflowContracts;
using Event = MeshWorkflow.WorkflowContracts.HistoryEvent.EventTypeOneofCase;
using Kind = MeshWorkflow.WorkflowContracts.WorkflowAction.WorkflowActionTypeOneofCase;

namespace Dapr.Workflow.Replay;

/// <summary>Hands a history to the code, event by event. A suspended instance holds everything back until it is resumed.</summary>
internal sealed class HistoryFeed(ReplayState state)
{
    private readonly List<HistoryEvent> _held = [];

    public bool IsSuspended { get; private set; }

    public void Feed(IEnumerable<HistoryEvent> events)
    {
        foreach (var historyEvent in events)
        {
            switch (historyEvent.EventTypeCase)
            {
                case Event.ExecutionSuspended:
                    IsSuspended = true;
                    break;
                case Event.ExecutionResumed:
                    IsSuspended = false;
                    _held.ForEach(Apply);
                    _held.Clear();
                    break;
                default:
                    if (IsSuspended)
                    {
                        _held.Add(historyEvent);
                    }
                    else
                    {
                        Apply(historyEvent);
                    }

                    break;
            }
        }
    }

    private void Apply(HistoryEvent historyEvent)
    {
        switch (historyEvent.EventTypeCase)
        {
            case Event.WorkflowStarted:
                state.Now = historyEvent.Timestamp.ToDateTime();
                break;
            case Event.TaskCompleted:
                state.Tasks.Succeed(historyEvent.TaskCompleted.TaskScheduledId, Kind.ScheduleTask, historyEvent.TaskCompleted.Result);
                break;
            case Event.TaskFailed:
                state.Tasks.Fail(historyEvent.TaskFailed.TaskScheduledId, Kind.ScheduleTask, historyEvent.TaskFailed.FailureDetails);
                break;
            case Event.ChildWorkflowInstanceCompleted:
                var completed = historyEvent.ChildWorkflowInstanceCompleted;
                state.Tasks.Succeed(completed.TaskScheduledId, Kind.CreateChildWorkflow, completed.Result);
                break;
            case Event.ChildWorkflowInstanceFailed:
                var failed = historyEvent.ChildWorkflowInstanceFailed;
                state.Tasks.Fail(failed.TaskScheduledId, Kind.CreateChildWorkflow, failed.FailureDetails);
                break;
            case Event.TimerFired:
                state.Tasks.Succeed(historyEvent.TimerFired.TimerId, Kind.CreateTimer, result: null);
                break;
            case Event.EventRaised:
                state.Events.Deliver(historyEvent);
                break;
            default:
                // What confirms no call either tells nothing that the code could see.
                Confirm(Confirmation.Of(historyEvent));
                break;
        }
    }

    private void Confirm(Confirmation? call)
    {
        if (call is null)
        {
            return;
        }

        while (state.Actions.DropOptionalTimer(call))
        {
            state.Tasks.Drop(call.Id);
        }

        state.Tasks.Alias(call.Id, state.Actions.Confirm(call));
    }
}
