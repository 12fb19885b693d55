using Grpc.Core;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Workflows.Control;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Workflows.Steps;

/// <summary>What every step activity does around its call: a deadline before it, a record after it.</summary>
internal sealed class StepRecords(ScopeRecorder recorder, Documents documents, Controls controls, TimeProvider time)
{
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Activities get no token from Dapr: this is the one that ends them.</summary>
    public CancellationTokenSource Limit() => new(StepClients.Deadline + TimeSpan.FromSeconds(5), time);

    public CallOptions Options(CancellationToken cancellationToken) =>
        new(deadline: (Now + StepClients.Deadline).UtcDateTime, cancellationToken: cancellationToken);

    /// <summary>The request that a run carries out.</summary>
    public Task<FleetInstallRequest> RequestAsync(RolloutRun run, CancellationToken cancellationToken) =>
        documents.RequestAsync(run, cancellationToken);

    public async Task<StepResult> CallAsync(StepRequest request, Func<CallOptions, AsyncUnaryCall<Outcome>> call)
    {
        using var limit = Limit();
        var outcome = await call(Options(limit.Token));
        return await KeepAsync(request, StepOutcomes.Of(outcome), limit.Token, outcome.Done?.Residue);
    }

    public async Task<StepResult> KeepAsync(
        StepRequest request, StepResult result, CancellationToken cancellationToken, IEnumerable<Residue>? residue = null)
    {
        await recorder.StepAsync(request, result, residue ?? [], cancellationToken);
        return request.Phase is StepPhase.Plan or StepPhase.Verify
            ? result with { Wish = await controls.WishAsync(request.Attempt.Run, cancellationToken) }
            : result;
    }
}
