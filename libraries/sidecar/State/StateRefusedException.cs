using Grpc.Core;

namespace MeshWorkflow.Sidecar.State;

/// <summary>A state call that can't be carried out; the status is what daprd answers.</summary>
internal sealed class StateRefusedException(StatusCode status, string message) : Exception(message)
{
    public StatusCode Status { get; } = status;
}
