using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.WorkflowContracts;
using Kind = MeshWorkflow.WorkflowContracts.WorkflowAction.WorkflowActionTypeOneofCase;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>From a worker's answer to what becomes of the instance. Pure: reads the instance, changes nothing.</summary>
internal sealed class TurnActions(InstanceKey key, Execution execution, DateTimeOffset now, Func<string> newExecutionId)
{
    // This far in the future stands for "never": such a timer only marks an event wait without end.
    private const long NeverSeconds = 253402300799;

    private readonly Timestamp _now = now.ToTimestamp();

    /// <exception cref="TurnRejectedException">The answer has an action that can't be carried out.</exception>
    public TurnOutcome Apply(Turn turn, WorkflowResponse response, OrchestrationStatus before)
    {
        var outcome = new TurnOutcome { CustomStatus = response.CustomStatus };
        outcome.Events.AddRange(turn.NewEvents);
        var started = execution.Started ?? turn.NewEvents.First(e => e.ExecutionStarted is not null);
        if (response.Version is { } version)
        {
            // What the code runs with is remembered where the turn begins.
            outcome.Events[0] = outcome.Events[0].Clone();
            outcome.Events[0].WorkflowStarted.Version = version;
        }

        foreach (var action in response.Actions.Where(action => outcome.End is null && outcome.Renewal is null))
        {
            Apply(action, started, outcome);
        }

        if (outcome.Renewal is not null)
        {
            outcome.Activities.Clear();
            outcome.Timers.Clear();
            outcome.Children.Clear();
            outcome.Sent.Clear();
        }

        outcome.Status = outcome.End?.WorkflowStatus
            ?? (outcome.Renewal is null ? StatusAfter(turn.NewEvents, before) : OrchestrationStatus.Running);
        return outcome;
    }

    /// <summary>The end of an instance that was told to end, whatever its code is at.</summary>
    public TurnOutcome Terminate(Turn turn, ExecutionTerminatedEvent terminated)
    {
        var end = new ExecutionCompletedEvent { WorkflowStatus = OrchestrationStatus.Terminated, Result = terminated.Input };
        var outcome = new TurnOutcome { End = end, Status = OrchestrationStatus.Terminated };
        outcome.Events.AddRange(turn.NewEvents);
        outcome.Events.Add(new HistoryEvent { Timestamp = _now, ExecutionCompleted = end });
        if (terminated.Recurse)
        {
            outcome.Sent.AddRange(execution.OpenChildren.Values.Select(child => (child, Arrivals.Terminated(null, recurse: true, _now))));
        }

        return outcome;
    }

    private void Apply(WorkflowAction action, HistoryEvent started, TurnOutcome outcome)
    {
        if (action.WorkflowActionTypeCase is not Kind.CompleteWorkflow && execution.HasScheduled(action.Id))
        {
            // Sent again: it is in the history already.
            return;
        }

        switch (action.WorkflowActionTypeCase)
        {
            case Kind.ScheduleTask:
                ScheduleActivity(action, outcome);
                break;
            case Kind.CreateTimer:
                CreateTimer(action, outcome);
                break;
            case Kind.CreateChildWorkflow:
                CreateChild(action, started, outcome);
                break;
            case Kind.SendEvent:
                SendEvent(action, outcome);
                break;
            case Kind.CompleteWorkflow when action.CompleteWorkflow.WorkflowStatus is OrchestrationStatus.ContinuedAsNew:
                outcome.Renewal = Renew(action.CompleteWorkflow, started);
                break;
            case Kind.CompleteWorkflow:
                Complete(action, outcome);
                break;
            default:
                throw new TurnRejectedException(
                    $"The worker asked for '{action.WorkflowActionTypeCase}', which this sidecar does not carry out.");
        }
    }

    private void ScheduleActivity(WorkflowAction action, TurnOutcome outcome)
    {
        var call = action.ScheduleTask;
        var target = Target(action.Router);
        outcome.Events.Add(new HistoryEvent
        {
            EventId = action.Id,
            Timestamp = _now,
            Router = action.Router,
            TaskScheduled = new TaskScheduledEvent
            {
                Name = call.Name,
                Version = call.Version,
                Input = call.Input,
                TaskExecutionId = call.TaskExecutionId,
            },
        });
        outcome.Activities.Add((target, new ActivityRequest
        {
            Name = call.Name,
            Version = call.Version,
            Input = call.Input,
            TaskId = action.Id,
            TaskExecutionId = call.TaskExecutionId,
            WorkflowInstance = new WorkflowInstance { InstanceId = key.Id },
        }));
    }

    private void CreateTimer(WorkflowAction action, TurnOutcome outcome)
    {
        var timer = action.CreateTimer;
        if (!IsTime(timer.FireAt))
        {
            throw new TurnRejectedException($"Timer {action.Id} has no valid time to fire at.");
        }

        var created = new TimerCreatedEvent { FireAt = timer.FireAt };
        if (timer.HasName)
        {
            created.Name = timer.Name;
        }

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
            default:
                break;
        }

        outcome.Events.Add(new HistoryEvent { EventId = action.Id, Timestamp = _now, TimerCreated = created });
        if (timer.FireAt.Seconds < NeverSeconds)
        {
            var fired = new HistoryEvent
            {
                EventId = -1,
                TimerFired = new TimerFiredEvent { TimerId = action.Id, FireAt = timer.FireAt },
            };
            outcome.Timers.Add(new TurnOutcome.TimerCreated(action.Id, timer.FireAt.ToDateTimeOffset(), fired));
        }
    }

    private void CreateChild(WorkflowAction action, HistoryEvent parent, TurnOutcome outcome)
    {
        var child = action.CreateChildWorkflow;
        var id = child.InstanceId.Length > 0
            ? child.InstanceId
            : string.Create(CultureInfo.InvariantCulture, $"{key.Id}:{action.Id:x4}");
        var target = Target(action.Router);
        var router = new TaskRouter { SourceAppID = key.App };
        if (target != key.App)
        {
            router.TargetAppID = target;
        }

        outcome.Events.Add(new HistoryEvent
        {
            EventId = action.Id,
            Timestamp = _now,
            Router = router,
            ChildWorkflowInstanceCreated = new ChildWorkflowInstanceCreatedEvent
            {
                InstanceId = id,
                Name = child.Name,
                Version = child.Version,
                Input = child.Input,
            },
        });
        var started = Arrivals.Started(target, id, child.Name, child.Input, newExecutionId(), _now);
        started.ExecutionStarted.ParentInstance = new ParentInstanceInfo
        {
            TaskScheduledId = action.Id,
            Name = parent.ExecutionStarted.Name,
            WorkflowInstance = parent.ExecutionStarted.WorkflowInstance,
            AppID = key.App,
        };
        outcome.Children.Add(new TurnOutcome.ChildStart(action.Id, new InstanceKey(target, id), started));
    }

    private void SendEvent(WorkflowAction action, TurnOutcome outcome)
    {
        var sent = action.SendEvent;
        var receiver = sent.Instance?.InstanceId ?? "";
        outcome.Events.Add(new HistoryEvent
        {
            EventId = action.Id,
            Timestamp = _now,
            EventSent = new EventSentEvent { InstanceId = receiver, Name = sent.Name, Input = sent.Data },
        });
        outcome.Sent.Add((new InstanceKey(key.App, receiver), Arrivals.Raised(sent.Name, sent.Data, _now)));
    }

    private void Complete(WorkflowAction action, TurnOutcome outcome)
    {
        var complete = action.CompleteWorkflow;
        outcome.End = new ExecutionCompletedEvent
        {
            WorkflowStatus = complete.WorkflowStatus,
            Result = complete.Result,
            FailureDetails = complete.FailureDetails,
        };
        outcome.Events.Add(new HistoryEvent { EventId = action.Id, Timestamp = _now, ExecutionCompleted = outcome.End });
    }

    private TurnOutcome.NextRun Renew(CompleteWorkflowAction complete, HistoryEvent started)
    {
        var next = Arrivals.Started(key.App, key.Id, started.ExecutionStarted.Name, complete.Result, newExecutionId(), _now);
        next.ExecutionStarted.ParentInstance = started.ExecutionStarted.ParentInstance;
        next.ExecutionStarted.ParentTraceContext = started.ExecutionStarted.ParentTraceContext;
        return new TurnOutcome.NextRun(next, complete.CarryoverEvents);
    }

    private static bool IsTime(Timestamp? time) =>
        time is { Seconds: >= -62135596800 and <= NeverSeconds, Nanos: >= 0 and <= 999_999_999 };

    private string Target(TaskRouter? router) => router is { HasTargetAppID: true, TargetAppID.Length: > 0 } ? router.TargetAppID : key.App;

    private static OrchestrationStatus StatusAfter(IEnumerable<HistoryEvent> events, OrchestrationStatus before)
    {
        var status = before is OrchestrationStatus.Suspended ? before : OrchestrationStatus.Running;
        foreach (var historyEvent in events)
        {
            status = historyEvent switch
            {
                { ExecutionSuspended: not null } => OrchestrationStatus.Suspended,
                { ExecutionResumed: not null } => OrchestrationStatus.Running,
                _ => status,
            };
        }

        return status;
    }
}
