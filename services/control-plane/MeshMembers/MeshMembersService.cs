using Grpc.Core;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.ControlPlane.MeshMembers;

/// <summary>Who is in a mesh, over gRPC.</summary>
internal sealed class MeshMembersService(MemberSearch search, MemberClusters clusters, OutcomeCalls calls) : Protos.ControlPlane.V1.MeshMembers.MeshMembersBase
{
    public override Task<Outcome> Check(MeshMembersRequest request, ServerCallContext context) => calls.RunAsync(
        request.Call, "Check", (_, token) => search.CheckAsync(request, token), context.CancellationToken);

    public override async Task<FindMemberReply> Find(FindMemberRequest request, ServerCallContext context)
    {
        var reply = new FindMemberReply();
        var outcome = await calls.RunAsync(
            request.Call,
            "Find",
            async (_, token) =>
            {
                var found = await clusters.FindAsync(request.Membership, token);
                reply.Found = new GkeCluster { Project = found.Project, Location = found.Location, Name = found.Name };
                return Outcomes.Done();
            },
            context.CancellationToken);
        return outcome.OutcomeCase switch
        {
            Outcome.OutcomeOneofCase.Refused => new FindMemberReply { Refused = outcome.Refused },
            Outcome.OutcomeOneofCase.Wait => new FindMemberReply { Wait = outcome.Wait },
            _ => reply,
        };
    }
}
