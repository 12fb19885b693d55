using MeshWorkflow.GoogleCloud;
using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Steps.Failures;

/// <summary>What a failed operation means.</summary>
public static class Operations
{
    // DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, INTERNAL, UNAVAILABLE: another try may do.
    private static readonly int[] Passing = [4, 8, 10, 13, 14];

    /// <summary>The outcome that a failed operation stands for.</summary>
    /// <param name="resource">What it worked on.</param>
    /// <param name="error">How it failed.</param>
    /// <returns>A conflict, where a new plan may succeed; else a refusal.</returns>
    public static Outcome Failed(string resource, OperationError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return Passing.Contains(error.Code)
            ? Outcomes.Conflict(resource, $"the operation failed: {error.Message}")
            : Outcomes.Refused("OPERATION_FAILED", $"The operation on {resource} failed: {error.Message}", "The message says what Google did not accept.");
    }
}
