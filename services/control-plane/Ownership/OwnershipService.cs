using Grpc.Core;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;

namespace MeshWorkflow.ControlPlane.Ownership;

/// <summary>Who owns a cluster, over gRPC.</summary>
internal sealed class OwnershipService(OwnerLeases leases, OutcomeCalls calls) : Protos.ControlPlane.V1.Ownership.OwnershipBase
{
    public override Task<Outcome> Check(OwnershipRequest request, ServerCallContext context) => calls.RunAsync(
        request.Call, "Check", (_, token) => leases.CheckAsync(request, token), context.CancellationToken);

    public override Task<Outcome> Take(OwnershipRequest request, ServerCallContext context) => calls.WriteAsync(
        request.Call, "Take", (gate, token) => leases.TakeAsync(request, gate, token), context.CancellationToken);

    public override Task<Outcome> Release(OwnershipRequest request, ServerCallContext context) => calls.WriteAsync(
        request.Call, "Release", (gate, token) => leases.ReleaseAsync(request, gate, token), context.CancellationToken);

    public override Task<Outcome> Unlock(OwnershipRequest request, ServerCallContext context) => calls.WriteAsync(
        request.Call, "Unlock", (gate, token) => leases.UnlockAsync(request, gate, token), context.CancellationToken);
}
