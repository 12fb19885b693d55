using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.WorkflowContracts;
using Kind = MeshWorkflow.WorkflowContracts.WorkflowAction.WorkflowActionTypeOneofCase;

namespace Dapr.Workflow.Replay;

/// <summary>What a call is, in words for messages.</summary>
internal static class ActionKind
{
    // The time that stands for "never": a timer that only carries an event wait without end.
    private const long NeverSeconds = 253402300799;
    private const int NeverNanos = 999999999;

    public static Timestamp Never => new() { Seconds = NeverSeconds, Nanos = NeverNanos };

    public static bool IsNever(Timestamp? time) => time is { Seconds: NeverSeconds, Nanos: NeverNanos };

    public static string Word(Kind kind) => kind switch
    {
        Kind.ScheduleTask => "activity",
        Kind.CreateTimer => "timer",
        Kind.CreateChildWorkflow => "child workflow",
        Kind.SendEvent => "sent event",
        Kind.CompleteWorkflow => "continue-as-new",
        _ => kind.ToString(),
    };

    public static string Describe(Kind kind, string name, string? childId) =>
        (name.Length == 0 ? Word(kind) : $"{Word(kind)} '{name}'") + (childId is null ? "" : $" (instance '{childId}')");

    public static string Describe(WorkflowAction action) => Describe(action.WorkflowActionTypeCase, Name(action), ChildId(action));

    public static string? ChildId(WorkflowAction action) => action.CreateChildWorkflow?.InstanceId;

    public static string Name(WorkflowAction action) => action.WorkflowActionTypeCase switch
    {
        Kind.ScheduleTask => action.ScheduleTask.Name,
        Kind.CreateChildWorkflow => action.CreateChildWorkflow.Name,
        Kind.SendEvent => action.SendEvent.Name,
        _ => "",
    };
}
