using Grpc.Core;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>A client's wish that can't be granted; the status is what daprd answers.</summary>
internal sealed class WorkflowRefusedException(StatusCode status, string message) : Exception(message)
{
    public StatusCode Status { get; } = status;

    public static WorkflowRefusedException ShuttingDown() => new(StatusCode.Unavailable, "shutting down");

    public static WorkflowRefusedException TooMany(string what, int limit) => new(
        StatusCode.ResourceExhausted, FormattableString.Invariant($"There are {limit} {what} already; more are not accepted."));

    public static WorkflowRefusedException NoSuchInstance(string id) => new(StatusCode.Unknown, $"no such instance exists: '{id}'");
}
