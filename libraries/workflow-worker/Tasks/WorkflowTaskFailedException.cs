namespace Dapr.Workflow;

/// <summary>What a workflow's code gets when an activity or a child did not complete.</summary>
/// <param name="message">What failed.</param>
/// <param name="failureDetails">Why.</param>
public class WorkflowTaskFailedException(string message, WorkflowTaskFailureDetails failureDetails) : Exception(message)
{
    /// <summary>Why it failed.</summary>
    public WorkflowTaskFailureDetails FailureDetails { get; } = failureDetails;
}
