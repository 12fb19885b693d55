namespace MeshWorkflow.GoogleCloud.Container;

/// <summary>An operation of Kubernetes Engine.</summary>
public sealed record ContainerOperation
{
    /// <summary>Its short name.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>PENDING</c>, <c>RUNNING</c>, <c>ABORTING</c> or <c>DONE</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>What it does, such as <c>UPDATE_CLUSTER</c>.</summary>
    public string OperationType { get; init; } = "";

    /// <summary>The address of what it works on.</summary>
    public string TargetLink { get; init; } = "";

    /// <summary>Why it failed, if it did.</summary>
    public OperationError? Error { get; init; }

    /// <summary>Why it failed, in words, from servers that fill no <see cref="Error"/>.</summary>
    public string? StatusMessage { get; init; }
}

/// <summary>Operations of a location.</summary>
public sealed record ContainerOperationList
{
    /// <summary>Those that run, and those that have ended lately.</summary>
    public IReadOnlyList<ContainerOperation>? Operations { get; init; }
}
