using Kind = MeshWorkflow.WorkflowContracts.WorkflowAction.WorkflowActionTypeOneofCase;

namespace Dapr.Workflow.Replay;

/// <summary>What kinds of calls a history confirms, in words for messages.</summary>
internal static class ActionKind
{
    public static string Word(Kind kind) => kind switch
    {
        Kind.ScheduleTask => "activity",
        Kind.CreateTimer => "timer",
        Kind.CreateChildWorkflow => "child workflow",
        Kind.SendEvent => "sent event",
        Kind.CompleteWorkflow => "continue-as-new",
        _ => kind.ToString(),
    };
}
