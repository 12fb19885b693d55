using MeshWorkflow.Workflows.Calls;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Rollouts;

/// <summary>A rollout, or the undo of one by hand.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="Timing">Its intervals.</param>
/// <param name="Rollback">Which undo by hand it is; 0: the rollout itself.</param>
internal sealed record RolloutInput(RolloutRun Run, Timing Timing, int Rollback = 0);

/// <summary>A stage of a rollout.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="Timing">Its intervals.</param>
/// <param name="Stage">Which, from 0.</param>
internal sealed record StageInput(RolloutRun Run, Timing Timing, int Stage);

/// <summary>A batch of a stage.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="Timing">Its intervals.</param>
/// <param name="Stage">Which stage, from 0.</param>
/// <param name="Batch">Which batch of it, from 0.</param>
/// <param name="Failures">How many clusters of the stage have failed before it.</param>
internal sealed record StageBatchInput(RolloutRun Run, Timing Timing, int Stage, int Batch, int Failures);

/// <summary>What a stage came to.</summary>
/// <param name="Tally">How its clusters ended.</param>
/// <param name="End">How it ended itself.</param>
internal sealed record StageVerdict(Tally Tally, StageEnd End);

/// <summary>How a stage ended.</summary>
internal enum StageEnd
{
    Done,
    OverBudget,
    Cancelled,
}

/// <summary>An undo.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="Timing">Its intervals.</param>
/// <param name="Number">Which undo; in its ids.</param>
/// <param name="Stage">The one stage that is undone; -1: all of the rollout.</param>
/// <param name="Reason">Why.</param>
/// <param name="Rollback">Which undo by hand it is; 0: none.</param>
internal sealed record CompensationInput(RolloutRun Run, Timing Timing, int Number, int Stage, string Reason, int Rollback = 0)
{
    public const int WholeRollout = -1;
}

/// <summary>A batch of an undo, last cluster first.</summary>
/// <param name="Undo">The undo.</param>
/// <param name="Batch">Which, from 0; counted from the end.</param>
internal sealed record CompensationBatchInput(CompensationInput Undo, int Batch);
