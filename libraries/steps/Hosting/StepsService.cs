using Grpc.Core;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;

namespace MeshWorkflow.Steps.Hosting;

/// <summary>The step contract over gRPC.</summary>
internal sealed class StepsService(StepCalls calls) : Protos.Steps.V1.Steps.StepsBase
{
    public override Task<PlanReply> Plan(PlanRequest request, ServerCallContext context) =>
        calls.PlanAsync(request, context.CancellationToken);

    public override Task<Outcome> Apply(ApplyRequest request, ServerCallContext context) =>
        calls.ApplyAsync(request, context.CancellationToken);

    public override Task<Outcome> Verify(VerifyRequest request, ServerCallContext context) =>
        calls.VerifyAsync(request, context.CancellationToken);

    public override Task<Outcome> Revert(RevertRequest request, ServerCallContext context) =>
        calls.RevertAsync(request, context.CancellationToken);
}
