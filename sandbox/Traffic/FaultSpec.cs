namespace MeshWorkflow.Sandbox.Traffic;

/// <summary>A refusal to order.</summary>
public sealed record FaultSpec
{
    /// <summary>Which calls it meets.</summary>
    public CallMatch Match { get; init; } = new();

    /// <summary>How many of them; null: all, until it is taken away.</summary>
    public int? Times { get; init; }

    /// <summary>The HTTP status.</summary>
    public int Status { get; init; } = 403;

    /// <summary>The canonical code of Google's APIs, or the reason of a Kubernetes Status.</summary>
    public string Code { get; init; } = "PERMISSION_DENIED";

    /// <summary>The reason of Google's <c>ErrorInfo</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>The message.</summary>
    public string Message { get; init; } = "The caller does not have permission";

    /// <summary>After how many seconds to come back.</summary>
    public int? RetryAfterSeconds { get; init; }
}
