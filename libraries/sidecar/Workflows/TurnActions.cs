using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.WorkflowContracts;
using Kind = MeshWorkflow.WorkflowContracts.WorkflowAction.WorkflowActionTypeOneofCase;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>From a worker's answer to what becomes of the instance. Pure: reads the instance, changes nothing.</summary>
internal sealed class TurnActions(
    InstanceKey key, Execution execution, DateTimeOffset now, Func<string> newExecutionId, TraceContext? trace = null)
{
    private readonly Timestamp _now = now.ToTimestamp();
    private readonly HashSet<int> _ids = [];

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
        if (action.WorkflowActionTypeCase is not Kind.CompleteWorkflow && (execution.HasScheduled(action.Id) || !_ids.Add(action.Id)))
        {
            // Sent again: it is in the history, or in this answer, already.
            return;
        }

        switch (action.WorkflowActionTypeCase)
        {
            case Kind.ScheduleTask:
                ScheduleActivity(action, started.ExecutionStarted, outcome);
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

    private void ScheduleActivity(WorkflowAction action, ExecutionStartedEvent started, TurnOutcome outcome)
    {
        var call = action.ScheduleTask;
        var target = Target(action.Router);
        var scheduled = new TaskScheduledEvent
        {
            Name = call.Name,
            Version = call.Version,
            Input = call.Input,
            TaskExecutionId = call.TaskExecutionId,
            ParentTraceContext = trace,
        };
        outcome.Events.Add(new HistoryEvent { EventId = action.Id, Timestamp = _now, Router = action.Router, TaskScheduled = scheduled });
        outcome.Activities.Add((target, ActivityOf(started.WorkflowInstance, action.Id, scheduled)));
    }

    /// <summary>What a worker is to do for a scheduled activity.</summary>
    public static ActivityRequest ActivityOf(WorkflowInstance instance, int id, TaskScheduledEvent scheduled) => new()
    {
        Name = scheduled.Name,
        Version = scheduled.Version,
        Input = scheduled.Input,
        TaskId = id,
        TaskExecutionId = scheduled.TaskExecutionId,
        ParentTraceContext = scheduled.ParentTraceContext,
        WorkflowInstance = instance,
    };

    /// <summary>How a child begins.</summary>
    public static TurnOutcome.ChildStart ChildOf(
        InstanceKey parent,
        string app,
        int id,
        ChildWorkflowInstanceCreatedEvent created,
        ExecutionStartedEvent parentStarted,
        string executionId,
        Timestamp now)
    {
        var started = Arrivals.Started(app, created.InstanceId, created.Name, created.Input, executionId, now);
        started.ExecutionStarted.ParentInstance = new ParentInstanceInfo
        {
            TaskScheduledId = id,
            Name = parentStarted.Name,
            WorkflowInstance = parentStarted.WorkflowInstance,
            AppID = parent.App,
        };
        started.ExecutionStarted.ParentTraceContext = created.ParentTraceContext;
        return new TurnOutcome.ChildStart(id, new InstanceKey(app, created.InstanceId), started);
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
        outcome.AddTimer(action.Id, timer.FireAt);
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

        var created = new ChildWorkflowInstanceCreatedEvent
        {
            InstanceId = id,
            Name = child.Name,
            Version = child.Version,
            Input = child.Input,
            ParentTraceContext = trace,
        };
        outcome.Events.Add(new HistoryEvent
        {
            EventId = action.Id,
            Timestamp = _now,
            Router = router,
            ChildWorkflowInstanceCreated = created,
        });
        outcome.Children.Add(ChildOf(key, target, action.Id, created, parent.ExecutionStarted, newExecutionId(), _now));
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
        if (!Instance.IsEnd(complete.WorkflowStatus))
        {
            throw new TurnRejectedException($"'{complete.WorkflowStatus}' is not how a workflow ends.");
        }

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
        return new TurnOutcome.NextRun(next, [.. complete.CarryoverEvents.Where(e => e.EventRaised is not null)]);
    }

    public static bool IsTime(Timestamp? time) =>
        time is { Seconds: >= -62135596800 and <= TurnOutcome.NeverSeconds, Nanos: >= 0 and <= 999_999_999 };

    private string Target(TaskRouter? router) => router is { HasTargetAppID: true, TargetAppID.Length: > 0 } ? router.TargetAppID : key.App;

    public static OrchestrationStatus StatusAfter(IEnumerable<HistoryEvent> events, OrchestrationStatus before)
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
