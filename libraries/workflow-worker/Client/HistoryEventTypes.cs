using Dapr.Workflow.Client;
using Kind = MeshWorkflow.WorkflowContracts.HistoryEvent.EventTypeOneofCase;
using Wire = MeshWorkflow.WorkflowContracts;

namespace Dapr.Workflow;

/// <summary>From the wire's events to the public ones.</summary>
internal static class HistoryEventTypes
{
    public static WorkflowHistoryEvent ToPublic(Wire.HistoryEvent historyEvent) =>
        new(historyEvent.EventId, ToPublic(historyEvent.EventTypeCase), historyEvent.Timestamp?.ToDateTime() ?? default);

    private static WorkflowHistoryEventType ToPublic(Kind kind) => kind switch
    {
        Kind.ExecutionStarted => WorkflowHistoryEventType.ExecutionStarted,
        Kind.ExecutionCompleted => WorkflowHistoryEventType.ExecutionCompleted,
        Kind.ExecutionTerminated => WorkflowHistoryEventType.ExecutionTerminated,
        Kind.TaskScheduled => WorkflowHistoryEventType.TaskScheduled,
        Kind.TaskCompleted => WorkflowHistoryEventType.TaskCompleted,
        Kind.TaskFailed => WorkflowHistoryEventType.TaskFailed,
        Kind.ChildWorkflowInstanceCreated => WorkflowHistoryEventType.SubOrchestrationInstanceCreated,
        Kind.ChildWorkflowInstanceCompleted => WorkflowHistoryEventType.SubOrchestrationInstanceCompleted,
        Kind.ChildWorkflowInstanceFailed => WorkflowHistoryEventType.SubOrchestrationInstanceFailed,
        Kind.TimerCreated => WorkflowHistoryEventType.TimerCreated,
        Kind.TimerFired => WorkflowHistoryEventType.TimerFired,
        Kind.WorkflowStarted => WorkflowHistoryEventType.OrchestratorStarted,
        Kind.WorkflowCompleted => WorkflowHistoryEventType.OrchestratorCompleted,
        Kind.EventSent => WorkflowHistoryEventType.EventSent,
        Kind.EventRaised => WorkflowHistoryEventType.EventRaised,
        Kind.ContinueAsNew => WorkflowHistoryEventType.ContinueAsNew,
        Kind.ExecutionSuspended => WorkflowHistoryEventType.ExecutionSuspended,
        Kind.ExecutionResumed => WorkflowHistoryEventType.ExecutionResumed,
        Kind.ExecutionStalled => WorkflowHistoryEventType.ExecutionStalled,
        _ => WorkflowHistoryEventType.Unknown,
    };
}
