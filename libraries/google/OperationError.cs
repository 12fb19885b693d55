namespace MeshWorkflow.GoogleCloud;

/// <summary>Why an operation failed.</summary>
public sealed record OperationError
{
    /// <summary>The canonical code by number, such as 7 for <c>PERMISSION_DENIED</c>.</summary>
    public int Code { get; init; }

    /// <summary>The message, for people only.</summary>
    public string Message { get; init; } = "";
}
