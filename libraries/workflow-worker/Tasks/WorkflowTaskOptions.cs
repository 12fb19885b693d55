namespace Dapr.Workflow;

/// <summary>How an activity is called.</summary>
/// <param name="RetryPolicy">When a failed call is repeated; none by default.</param>
/// <param name="TargetAppId">The app that runs it; the caller's own by default.</param>
/// <param name="PropagationScope">How much history goes along; none by default.</param>
public record WorkflowTaskOptions(
    WorkflowRetryPolicy? RetryPolicy = null,
    string? TargetAppId = null,
    HistoryPropagationScope PropagationScope = HistoryPropagationScope.None)
{
    /// <summary>The same options with another propagation scope.</summary>
    /// <param name="scope">The scope.</param>
    /// <returns>A copy.</returns>
    public WorkflowTaskOptions WithHistoryPropagation(HistoryPropagationScope scope) => this with { PropagationScope = scope };
}
