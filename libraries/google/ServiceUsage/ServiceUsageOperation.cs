namespace MeshWorkflow.GoogleCloud.ServiceUsage;

/// <summary>An operation of Service Usage.</summary>
public sealed record ServiceUsageOperation
{
    private const string NothingToDo = "operations/noop.DONE_OPERATION";

    /// <summary>Its name, without a project.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whether it has ended.</summary>
    public bool Done { get; init; }

    /// <summary>Why it failed, if it did.</summary>
    public OperationError? Error { get; init; }

    /// <summary>What it came to.</summary>
    public OperationResponse? Response { get; init; }

    /// <summary>Whether there is anything to look at later. The operation that had nothing to do can't be read.</summary>
    public bool IsRunning => !Done && Name != NothingToDo;

    /// <summary>What an operation came to.</summary>
    public sealed record OperationResponse
    {
        /// <summary>APIs that could not be enabled.</summary>
        public IReadOnlyList<EnableFailure>? Failures { get; init; }
    }

    /// <summary>An API that could not be enabled.</summary>
    public sealed record EnableFailure
    {
        /// <summary>The API.</summary>
        public string ServiceId { get; init; } = "";

        /// <summary>Why.</summary>
        public string ErrorMessage { get; init; } = "";
    }
}
