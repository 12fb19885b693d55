using Grpc.Core;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.ControlPlane.Preflight;

/// <summary>Preflight over gRPC.</summary>
internal sealed class PreflightService(PreflightRun run) : Protos.ControlPlane.V1.Preflight.PreflightBase
{
    public override async Task<PreflightReply> Check(PreflightRequest request, ServerCallContext context)
    {
        if (request.Cluster is not null && request.Facts is not null && request.Call is not null)
        {
            return await run.RunAsync(request, context.CancellationToken);
        }

        return new PreflightReply
        {
            Refused = new Refused
            {
                Reason = "CALL_INCOMPLETE",
                Message = "The request lacks its call, its cluster or its facts.",
                Hint = "Orchestrator and services must be of the same release.",
            },
        };
    }
}
