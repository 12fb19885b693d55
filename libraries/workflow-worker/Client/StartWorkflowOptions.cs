namespace Dapr.Workflow.Client;

/// <summary>How an instance is started.</summary>
public sealed class StartWorkflowOptions
{
    /// <summary>Its id; a new one by default.</summary>
    public string? InstanceId { get; set; }

    /// <summary>When; at once by default.</summary>
    public DateTimeOffset? StartAt { get; set; }
}
