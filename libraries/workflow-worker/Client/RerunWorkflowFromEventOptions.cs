namespace Dapr.Workflow.Client;

/// <summary>How an ended instance is run again.</summary>
public sealed class RerunWorkflowFromEventOptions
{
    /// <summary>The new instance's id; made by the sidecar by default.</summary>
    public string? NewInstanceId { get; set; }

    /// <summary>Another input for the event that the run starts at.</summary>
    public object? Input { get; set; }

    /// <summary>Whether <see cref="Input"/> takes the place of the old one. Not for timers.</summary>
    public bool OverwriteInput { get; set; }
}
