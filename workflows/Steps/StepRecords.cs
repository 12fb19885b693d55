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
    public CancellationTokenSource Limit() => Limit(StepClients.Deadline);

    public CallOptions Options(CancellationToken cancellationToken) => Options(StepClients.Deadline, cancellationToken);

    /// <summary>The request that a run carries out.</summary>
    public Task<FleetInstallRequest> RequestAsync(RolloutRun run, CancellationToken cancellationToken) =>
        documents.RequestAsync(run, cancellationToken);

    public async Task<StepResult> CallAsync(StepRequest request, Func<Call, CallOptions, AsyncUnaryCall<Outcome>> call)
    {
        var deadline = request.IsLong ? StepClients.LongDeadline : StepClients.Deadline;
        using var limit = Limit(deadline);
        var wanted = await RequestAsync(request.Attempt.Run, limit.Token);
        var outcome = await call(request.Attempt.ToCall(wanted), Options(deadline, limit.Token));
        return await KeepAsync(request, StepOutcomes.Of(outcome), limit.Token, outcome.Done?.Residue);
    }

    /// <summary>Adds to a result what people want of the rollout.</summary>
    public async Task<StepResult> WithWishAsync(RolloutRun run, StepResult result, CancellationToken cancellationToken)
    {
        var control = await controls.ReadAsync(run, cancellationToken);
        return result with { Wish = control.Wish, Wishes = control.Version };
    }

    public async Task<StepResult> KeepAsync(
        StepRequest request, StepResult result, CancellationToken cancellationToken, IEnumerable<Residue>? residue = null)
    {
        await recorder.StepAsync(request, result, residue ?? [], cancellationToken);
        return request.Phase is StepPhase.Plan or StepPhase.Apply or StepPhase.Verify
            ? await WithWishAsync(request.Attempt.Run, result, cancellationToken)
            : result;
    }

    private CancellationTokenSource Limit(TimeSpan deadline) => new(deadline + TimeSpan.FromSeconds(5), time);

    private CallOptions Options(TimeSpan deadline, CancellationToken cancellationToken) =>
        new(deadline: (Now + deadline).UtcDateTime, cancellationToken: cancellationToken);
}
