using MeshWorkflow.WorkflowContracts;

namespace Dapr.Workflow.Replay;

/// <summary>Which guarded changes this instance runs with: those of its history, and those it reaches for the first time.</summary>
internal sealed class Patches
{
    private readonly HashSet<string> _recorded = [];
    private readonly Dictionary<string, bool> _asked = [];
    private readonly List<string> _applied = [];

    public Patches(IEnumerable<HistoryEvent> timeline)
    {
        foreach (var version in timeline.Select(e => e.WorkflowStarted?.Version).OfType<WorkflowVersion>())
        {
            _recorded.UnionWith(version.Patches);
        }
    }

    public bool IsPatched(string name, bool replaying)
    {
        if (_asked.TryGetValue(name, out var known))
        {
            return known;
        }

        var patched = _recorded.Contains(name) || !replaying;
        _asked.Add(name, patched);
        if (patched)
        {
            _applied.Add(name);
        }

        return patched;
    }

    /// <summary>What the turn's answer records, or null: nothing.</summary>
    public WorkflowVersion? ToVersion(string workflowName) =>
        _applied.Count == 0 ? null : new WorkflowVersion { Name = workflowName, Patches = { _applied } };
}
