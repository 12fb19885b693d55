namespace Dapr.Workflow;

/// <summary>How a child workflow is called.</summary>
/// <param name="InstanceId">The child's id; derived from the parent's by default.</param>
/// <param name="RetryPolicy">When a failed child is started again; none by default.</param>
/// <param name="TargetAppId">The app that runs it; the caller's own by default.</param>
/// <param name="PropagationScope">How much history goes along; none by default.</param>
public record ChildWorkflowTaskOptions(
    string? InstanceId = null,
    WorkflowRetryPolicy? RetryPolicy = null,
    string? TargetAppId = null,
    HistoryPropagationScope PropagationScope = HistoryPropagationScope.None)
    : WorkflowTaskOptions(RetryPolicy, TargetAppId, PropagationScope)
{
    /// <summary>The same options with another propagation scope.</summary>
    /// <param name="scope">The scope.</param>
    /// <returns>A copy.</returns>
    public new ChildWorkflowTaskOptions WithHistoryPropagation(HistoryPropagationScope scope) => this with { PropagationScope = scope };
}
