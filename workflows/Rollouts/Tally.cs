using System.Text.Json.Serialization;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Scopes;

namespace MeshWorkflow.Workflows.Rollouts;

/// <summary>How many clusters ended how.</summary>
/// <param name="Succeeded">Have the mesh.</param>
/// <param name="Skipped">Were not begun.</param>
/// <param name="Late">Were refused after preflight, before anything was written.</param>
/// <param name="Failed">Are left as they are.</param>
/// <param name="Compensated">Are undone.</param>
/// <param name="Incomplete">Could not be undone whole; clusters, and what clusters share.</param>
/// <param name="Cancelled">Were cancelled.</param>
/// <param name="SharedUndone">What clusters share, and was undone.</param>
internal sealed record Tally(
    [property: JsonPropertyName("s")] int Succeeded = 0,
    [property: JsonPropertyName("k")] int Skipped = 0,
    [property: JsonPropertyName("l")] int Late = 0,
    [property: JsonPropertyName("f")] int Failed = 0,
    [property: JsonPropertyName("c")] int Compensated = 0,
    [property: JsonPropertyName("i")] int Incomplete = 0,
    [property: JsonPropertyName("x")] int Cancelled = 0,
    [property: JsonPropertyName("u")] int SharedUndone = 0)
{
    /// <summary>Those that count against the failure budget.</summary>
    [JsonIgnore]
    public int OverBudget => Late + Failed + Compensated + Incomplete;

    public Tally And(ScopeVerdict verdict) => verdict.State switch
    {
        ClusterState.Succeeded => this with { Succeeded = Succeeded + 1 },
        ClusterState.Compensated => this with { Compensated = Compensated + 1 },
        ClusterState.CompensationIncomplete => this with { Incomplete = Incomplete + 1 },
        ClusterState.Skipped or ClusterState.Pending => this with { Skipped = Skipped + 1 },
        ClusterState.Cancelled => this with { Cancelled = Cancelled + 1 },
        _ => this with { Failed = Failed + 1 },
    };

    /// <summary>Counts a cluster that was begun.</summary>
    public Tally AndBegun(ScopeVerdict verdict) =>
        verdict.State is ClusterState.Skipped ? this with { Late = Late + 1 } : And(verdict);

    /// <summary>Counts something that clusters share and that was left.</summary>
    public Tally AndShared(ScopeVerdict verdict) => verdict switch
    {
        { State: ClusterState.CompensationIncomplete or ClusterState.Failed } => this with { Incomplete = Incomplete + 1 },
        { Reason: ScopeRelease.NothingToDo } => this,
        _ => this with { SharedUndone = SharedUndone + 1 },
    };

    public Tally And(Tally other) => new(
        Succeeded + other.Succeeded,
        Skipped + other.Skipped,
        Late + other.Late,
        Failed + other.Failed,
        Compensated + other.Compensated,
        Incomplete + other.Incomplete,
        Cancelled + other.Cancelled,
        SharedUndone + other.SharedUndone);

    /// <summary>How the rollout as a whole has ended: the first that fits. What is on hold still stands.</summary>
    [JsonIgnore]
    public RolloutState End => this switch
    {
        { Cancelled: > 0 } => RolloutState.Cancelled,
        { Incomplete: > 0 } => RolloutState.CompensationIncomplete,
        { Succeeded: 0, Failed: 0, Compensated: 0 } => RolloutState.Refused,
        { Failed: > 0 } or { Succeeded: > 0, OverBudget: > 0 } => RolloutState.CompletedWithFailures,
        { Compensated: > 0 } => RolloutState.Compensated,
        { Skipped: > 0 } => RolloutState.SucceededWithSkips,
        _ => RolloutState.Succeeded,
    };
}
