using MeshWorkflow.Workflows.Clusters;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Workflows.Rollouts;

/// <summary>How many clusters ended how.</summary>
internal sealed record Tally(int Succeeded = 0, int Skipped = 0, int Failed = 0, int Compensated = 0, int Incomplete = 0)
{
    /// <summary>Those that count against the failure budget.</summary>
    public int OverBudget => Failed + Compensated + Incomplete;

    public Tally And(ClusterVerdict verdict) => verdict.State switch
    {
        ClusterState.Succeeded => this with { Succeeded = Succeeded + 1 },
        ClusterState.Compensated => this with { Compensated = Compensated + 1 },
        ClusterState.CompensationIncomplete => this with { Incomplete = Incomplete + 1 },
        ClusterState.Skipped or ClusterState.Pending => this with { Skipped = Skipped + 1 },
        _ => this with { Failed = Failed + 1 },
    };

    public Tally And(Tally other) => new(
        Succeeded + other.Succeeded,
        Skipped + other.Skipped,
        Failed + other.Failed,
        Compensated + other.Compensated,
        Incomplete + other.Incomplete);

    /// <summary>How the rollout as a whole has ended: the first that fits. What is on hold still stands.</summary>
    public RolloutState End => this switch
    {
        { Incomplete: > 0 } => RolloutState.CompensationIncomplete,
        { Succeeded: 0, OverBudget: 0 } => RolloutState.Refused,
        { Failed: > 0 } or { Succeeded: > 0, Compensated: > 0 } => RolloutState.CompletedWithFailures,
        { Compensated: > 0 } => RolloutState.Compensated,
        { Skipped: > 0 } => RolloutState.SucceededWithSkips,
        _ => RolloutState.Succeeded,
    };
}
