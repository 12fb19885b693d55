using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Calls;

/// <summary>A step can't be carried on.</summary>
/// <param name="reason">UPPER_SNAKE_CASE.</param>
/// <param name="message">Why.</param>
internal sealed class StepFailedException(string reason, string message) : Exception(message)
{
    public string Reason { get; } = reason;

    /// <summary>Another run has taken over: nothing of ours may be written any more, not even an undo.</summary>
    public bool IsTakenOver => Reason == EpochPassed;

    /// <summary>Somebody has cancelled the rollout.</summary>
    public bool IsCancelled => Reason == Cancelled;

    public const string EpochPassed = "EPOCH_PASSED";

    public const string Cancelled = "CANCELLED";

    public static StepFailedException OfCancel() => new(Cancelled, "Somebody has cancelled the rollout.");

    public static StepFailedException Of(StepResult refused) => new(refused.Reason ?? "", refused.Message ?? "");
}
