using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.WorkflowContracts;
using Kind = MeshWorkflow.WorkflowContracts.WorkflowAction.WorkflowActionTypeOneofCase;

namespace Dapr.Workflow.Replay;

/// <summary>What a history says of one call that the code made.</summary>
/// <param name="Id">The call's sequence number.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">What was called; empty for timers.</param>
/// <param name="ChildId">The child's instance id, if it is a child.</param>
/// <param name="IsCopy">Whether the call was taken over from another instance, whose child had another id.</param>
/// <param name="FireAt">When it fires, if it is a timer.</param>
internal sealed record Confirmation(
    int Id, Kind Kind, string Name, string? ChildId = null, bool IsCopy = false, Timestamp? FireAt = null)
{
    public static Confirmation? Of(HistoryEvent e) => e.EventTypeCase switch
    {
        HistoryEvent.EventTypeOneofCase.TaskScheduled => new(e.EventId, Kind.ScheduleTask, e.TaskScheduled.Name),
        HistoryEvent.EventTypeOneofCase.TimerCreated => new(e.EventId, Kind.CreateTimer, "", FireAt: e.TimerCreated.FireAt),
        HistoryEvent.EventTypeOneofCase.EventSent => new(e.EventId, Kind.SendEvent, e.EventSent.Name),
        HistoryEvent.EventTypeOneofCase.ChildWorkflowInstanceCreated => new(
            e.EventId,
            Kind.CreateChildWorkflow,
            e.ChildWorkflowInstanceCreated.Name,
            e.ChildWorkflowInstanceCreated.InstanceId,
            e.ChildWorkflowInstanceCreated.RerunParentInstanceInfo is not null),
        _ => null,
    };

    public override string ToString() => ActionKind.Describe(Kind, Name, ChildId);
}
