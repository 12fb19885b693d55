namespace MeshWorkflow.GoogleCloud.Compute;

/// <summary>An operation of Compute Engine.</summary>
public sealed record ComputeOperation
{
    /// <summary>Its short name.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>PENDING</c>, <c>RUNNING</c> or <c>DONE</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>The address of what it works on.</summary>
    public string TargetLink { get; init; } = "";

    /// <summary>The HTTP status that it would have failed with.</summary>
    public int? HttpErrorStatusCode { get; init; }

    /// <summary>Why it failed, if it did.</summary>
    public ComputeErrors? Error { get; init; }

    /// <summary>Why an operation failed.</summary>
    public sealed record ComputeErrors
    {
        /// <summary>The errors; the first says most.</summary>
        public IReadOnlyList<ComputeError>? Errors { get; init; }
    }

    /// <summary>One error.</summary>
    public sealed record ComputeError
    {
        /// <summary>Such as <c>QUOTA_EXCEEDED</c>.</summary>
        public string Code { get; init; } = "";

        /// <summary>The message, for people only.</summary>
        public string Message { get; init; } = "";
    }
}
