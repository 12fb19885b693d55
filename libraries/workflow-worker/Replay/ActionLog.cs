using MeshWorkflow.WorkflowContracts;
using Kind = MeshWorkflow.WorkflowContracts.WorkflowAction.WorkflowActionTypeOneofCase;

namespace Dapr.Workflow.Replay;

/// <summary>What the code asked for and no event has confirmed yet, by sequence number. At the end of the turn this is what is sent.</summary>
internal sealed class ActionLog(string instanceId)
{
    private readonly SortedDictionary<int, WorkflowAction> _pending = [];
    private readonly HashSet<WorkflowAction> _derivedChildIds = new(ReferenceEqualityComparer.Instance);
    private int _next;

    public int NextId() => _next++;

    public void Add(WorkflowAction action) => _pending.Add(action.Id, action);

    /// <summary>Says that nobody chose this child's id: the history may have another one for the same call.</summary>
    public void ChildIdIsDerived(WorkflowAction action) => _derivedChildIds.Add(action);

    public IEnumerable<WorkflowAction> Pending => _pending.Values;

    /// <summary>Takes note that the history has this call.</summary>
    /// <returns>The number under which the code knows the call.</returns>
    /// <exception cref="NonDeterminismException">The code made another call there, or none.</exception>
    public int Confirm(Confirmation call)
    {
        var own = call.ChildId is null ? call.Id : FindChild(call.ChildId) ?? call.Id;
        if (!_pending.TryGetValue(own, out var action))
        {
            throw Differs(call, "makes no call there");
        }

        if (action.WorkflowActionTypeCase != call.Kind || ActionKind.Name(action) != call.Name || !IsSameChild(action, call))
        {
            throw Differs(call, $"calls {ActionKind.Describe(action)}");
        }

        _pending.Remove(own);
        return own;
    }

    /// <summary>
    /// Histories from before 1.18 have no timer for an event wait without end. Where one shows another call in its place, the
    /// timer never was, and every later number is one less.
    /// </summary>
    /// <returns>Whether the timer was dropped.</returns>
    public bool DropOptionalTimer(Confirmation call)
    {
        if ((call.Kind is Kind.CreateTimer && ActionKind.IsNever(call.FireAt))
            || !_pending.TryGetValue(call.Id, out var action)
            || !ActionKind.IsNever(action.CreateTimer?.FireAt))
        {
            return false;
        }

        _pending.Remove(call.Id);
        foreach (var later in _pending.Where(pair => pair.Key > call.Id).ToList())
        {
            _pending.Remove(later.Key);
            later.Value.Id--;
            _pending.Add(later.Value.Id, later.Value);
        }

        _next--;
        return true;
    }

    // A derived id changes with the execution id, which sidecars before 1.18.4 left out: an upgrade must not fail what is under way.
    private bool IsSameChild(WorkflowAction action, Confirmation call) =>
        call.ChildId is null || call.IsCopy || ActionKind.ChildId(action) == call.ChildId || _derivedChildIds.Contains(action);

    private int? FindChild(string childId) =>
        _pending.Values.FirstOrDefault(action => ActionKind.ChildId(action) == childId)?.Id;

    private NonDeterminismException Differs(Confirmation call, string code) => new(
        $"The history of '{instanceId}' has {call} at number {call.Id}, but the code {code}. "
        + "It was changed while the instance was under way; put it back, or guard the change with IsPatched.");
}
