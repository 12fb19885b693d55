namespace MeshWorkflow.GoogleCloud.Container;

/// <summary>An operation of Kubernetes Engine.</summary>
public sealed record ContainerOperation
{
    /// <summary>Its short name.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>PENDING</c>, <c>RUNNING</c>, <c>ABORTING</c> or <c>DONE</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>Why it failed, if it did.</summary>
    public OperationError? Error { get; init; }

    /// <summary>Why it failed, in words, from servers that fill no <see cref="Error"/>.</summary>
    public string? StatusMessage { get; init; }
}
