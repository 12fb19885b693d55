namespace Dapr.Workflow.Client;

/// <summary>A page of instance ids.</summary>
/// <param name="InstanceIds">The ids.</param>
/// <param name="ContinuationToken">Where the next page begins, or <see langword="null"/>: this was the last.</param>
public sealed record WorkflowInstancePage(IReadOnlyList<string> InstanceIds, string? ContinuationToken);
