using MeshWorkflow.Workflows.Calls;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Rollouts;

/// <summary>A rollout, or the undo of one.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="Timing">Its intervals.</param>
/// <param name="Rollback">Which undo by hand it is; 0: the rollout itself.</param>
internal sealed record RolloutInput(RolloutRun Run, Timing Timing, int Rollback = 0)
{
    /// <summary>The number in the ids of its compensations: the first is the one that a failing cluster has by itself.</summary>
    public int CompensationNumber => Rollback + 1;
}

/// <summary>A batch of a rollout, or of the undo of one.</summary>
/// <param name="Rollout">The rollout.</param>
/// <param name="Batch">Which, from 0.</param>
/// <param name="Failures">How many clusters have failed before it.</param>
internal sealed record BatchRunInput(RolloutInput Rollout, int Batch, int Failures = 0);
