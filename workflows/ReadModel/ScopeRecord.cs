using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.ReadModel;

/// <summary>Where a cluster, or what clusters share, stands, to be recorded.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="Scope">The scope.</param>
/// <param name="Number">The number of this call within the scope's part of the rollout; grows.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Reason">Why it did not succeed.</param>
/// <param name="Message">More, for people.</param>
internal sealed record ScopeRecord(
    RolloutRun Run, StepScope Scope, int Number, ClusterState State, string? Reason = null, string? Message = null)
{
    /// <summary>Preflight's records come before those of the install.</summary>
    public const int FirstOfInstall = 100;
}
