using MeshWorkflow.WorkflowContracts;
using Kind = MeshWorkflow.WorkflowContracts.WorkflowAction.WorkflowActionTypeOneofCase;

namespace Dapr.Workflow.Replay;

/// <summary>What the code asked for and no event has confirmed yet, by sequence number. At the end of the turn this is what is sent.</summary>
internal sealed class ActionLog(string instanceId)
{
    // The time that stands for "never": a timer that only carries an event wait without end.
    public const long NeverSeconds = 253402300799;
    public const int NeverNanos = 999999999;

    private readonly SortedDictionary<int, WorkflowAction> _pending = [];
    private int _next;

    public int NextId() => _next++;

    public void Add(WorkflowAction action) => _pending.Add(action.Id, action);

    public IEnumerable<WorkflowAction> Pending => _pending.Values;

    /// <summary>Takes note that the history has this call at this number.</summary>
    /// <returns>The number under which the code knows the call.</returns>
    /// <exception cref="NonDeterminismException">The code made another call there, or none.</exception>
    public int Confirm(int id, Kind kind, string name, string? childId = null)
    {
        var own = childId is null ? id : FindChild(childId) ?? id;
        if (!_pending.TryGetValue(own, out var action))
        {
            throw new NonDeterminismException(
                $"The history of '{instanceId}' has {Describe(kind, name, childId)} at number {id}, but the code makes no call there. "
                + "It was changed while the instance was under way; put it back, or guard the change with IsPatched.");
        }

        if (action.WorkflowActionTypeCase != kind || Name(action) != name || (childId is not null && ChildId(action) != childId))
        {
            throw new NonDeterminismException(
                $"The history of '{instanceId}' has {Describe(kind, name, childId)} at number {id}, but the code calls "
                + $"{Describe(action.WorkflowActionTypeCase, Name(action), ChildId(action))}. "
                + "It was changed while the instance was under way; put it back, or guard the change with IsPatched.");
        }

        _pending.Remove(own);
        return own;
    }

    /// <summary>
    /// Histories from before 1.18 have no timer for an event wait without end. Where one shows another call in its place, the
    /// timer never was, and every later number is one less.
    /// </summary>
    /// <returns>Whether the timer was dropped.</returns>
    public bool DropOptionalTimer(int id, Kind confirmed)
    {
        if (confirmed is Kind.CreateTimer || !_pending.TryGetValue(id, out var action) || !IsNever(action.CreateTimer?.FireAt))
        {
            return false;
        }

        _pending.Remove(id);
        foreach (var later in _pending.Where(pair => pair.Key > id).ToList())
        {
            _pending.Remove(later.Key);
            later.Value.Id--;
            _pending.Add(later.Value.Id, later.Value);
        }

        _next--;
        return true;
    }

    private static bool IsNever(Google.Protobuf.WellKnownTypes.Timestamp? time) =>
        time is { Seconds: NeverSeconds, Nanos: NeverNanos };

    private int? FindChild(string childId) =>
        _pending.Values.FirstOrDefault(action => ChildId(action) == childId)?.Id;

    private static string? ChildId(WorkflowAction action) => action.CreateChildWorkflow?.InstanceId;

    private static string Name(WorkflowAction action) => action.WorkflowActionTypeCase switch
    {
        Kind.ScheduleTask => action.ScheduleTask.Name,
        Kind.CreateChildWorkflow => action.CreateChildWorkflow.Name,
        Kind.SendEvent => action.SendEvent.Name,
        _ => "",
    };

    private static string Describe(Kind kind, string name, string? childId) =>
        (name.Length == 0 ? ActionKind.Word(kind) : $"{ActionKind.Word(kind)} '{name}'")
        + (childId is null ? "" : $" (instance '{childId}')");
}
