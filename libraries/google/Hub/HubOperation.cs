namespace MeshWorkflow.GoogleCloud.Hub;

/// <summary>An operation of GKE Hub.</summary>
public sealed record HubOperation
{
    /// <summary>Its full name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whether it has ended.</summary>
    public bool Done { get; init; }

    /// <summary>Why it failed, if it did.</summary>
    public OperationError? Error { get; init; }
}
