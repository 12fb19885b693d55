namespace Dapr.Workflow.Replay;

/// <summary>A workflow awaits something that no history event will ever end. Ends the instance as failed.</summary>
internal sealed class ForeignAwaitException(string workflow) : Exception(
    $"Workflow '{workflow}' awaits something that is not a workflow task (Task.Delay, Task.Run, an HTTP call, a lock …), "
    + "so that its turn can't end. Await only what WorkflowContext returns; do everything else in an activity.")
{
    /// <summary>The error type that clients see.</summary>
    public const string ErrorType = "ForeignAwait";
}
