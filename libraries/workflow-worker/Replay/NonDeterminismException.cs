namespace Dapr.Workflow.Replay;

/// <summary>The code no longer does what the history says that it did. Ends the instance as failed, with both in the message.</summary>
internal sealed class NonDeterminismException(string message) : Exception(message)
{
    /// <summary>The error type that clients see.</summary>
    public const string ErrorType = "NonDeterminismDetected";
}
