using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Calls;

/// <summary>A step of a cluster can't be carried on.</summary>
/// <param name="reason">UPPER_SNAKE_CASE.</param>
/// <param name="message">Why.</param>
internal sealed class StepFailedException(string reason, string message) : Exception(message)
{
    public string Reason { get; } = reason;

    /// <summary>Another run has taken over: nothing of ours may be written any more, not even an undo.</summary>
    public bool IsTakenOver => Reason == EpochPassed;

    public const string EpochPassed = "EPOCH_PASSED";

    public static StepFailedException Of(StepResult refused) => new(refused.Reason ?? "", refused.Message ?? "");
}
