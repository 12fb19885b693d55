using Grpc.Core;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;

namespace MeshWorkflow.ControlPlane.MeshMembers;

/// <summary>Who is in a mesh, over gRPC.</summary>
internal sealed class MeshMembersService(MemberSearch search, OutcomeCalls calls) : Protos.ControlPlane.V1.MeshMembers.MeshMembersBase
{
    public override Task<Outcome> Check(MeshMembersRequest request, ServerCallContext context) => calls.RunAsync(
        request.Call, "Check", (_, token) => search.CheckAsync(request, token), context.CancellationToken);
}
