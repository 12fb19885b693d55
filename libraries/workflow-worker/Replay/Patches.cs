using MeshWorkflow.WorkflowContracts;

namespace Dapr.Workflow.Replay;

/// <summary>Which guarded changes this instance runs with: those of its history, and those it reaches for the first time.</summary>
internal sealed class Patches
{
    private readonly List<string> _recorded = [];
    private readonly Dictionary<string, bool> _asked = [];
    private readonly List<string> _applied = [];

    public Patches(IEnumerable<HistoryEvent> timeline)
    {
        foreach (var version in timeline.Select(e => e.WorkflowStarted?.Version).OfType<WorkflowVersion>())
        {
            // Each turn recorded the whole list of its run; the last is the longest.
            _recorded = [.. version.Patches];
        }
    }

    public bool IsPatched(string name, bool replaying)
    {
        if (!_asked.TryGetValue(name, out var patched))
        {
            patched = _recorded.Contains(name) || !replaying;
            _asked.Add(name, patched);
        }

        if (patched)
        {
            // Once per question, not once per name: so the official worker counts, and the sidecar compares the lists.
            _applied.Add(name);
        }

        return patched;
    }

    /// <summary>What the turn's answer records, or null: nothing.</summary>
    public WorkflowVersion? ToVersion(string workflowName) => Version(workflowName, _applied);

    /// <summary>What is recorded already: for an answer of code that did not get as far as to ask again.</summary>
    public WorkflowVersion? Recorded(string workflowName) => Version(workflowName, _recorded);

    private static WorkflowVersion? Version(string workflowName, List<string> patches) =>
        patches.Count == 0 ? null : new WorkflowVersion { Name = workflowName, Patches = { patches } };
}
