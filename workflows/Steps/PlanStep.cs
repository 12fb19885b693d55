using System.Security.Cryptography;
using Dapr.Workflow;
using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.Ledger;
using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Workflows.Steps;

/// <summary>
/// Plans a step and stores the plan before anything is written. Delivered again, it answers what is stored: the world may have
/// moved on, but what is applied is what was planned.
/// </summary>
internal sealed class PlanStep(StepClients clients, StepLedger ledger, LedgerIndex index, StepRecords records)
    : WorkflowActivity<StepRequest, StepResult>
{
    public override async Task<StepResult> RunAsync(WorkflowActivityContext context, StepRequest input)
    {
        using var limit = records.Limit();
        var entry = await ledger.GetAsync(input.Attempt.LedgerKey(input.Attempt.Attempt), limit.Token);
        if (entry is null)
        {
            var request = await RequestAsync(input, limit.Token);
            var reply = await clients.Steps(input.Attempt.App).PlanAsync(request, records.Options(limit.Token));
            if (reply.OutcomeCase is not PlanReply.OutcomeOneofCase.Planned)
            {
                return await records.KeepAsync(input, NotPlanned(reply), limit.Token);
            }

            entry = await ledger.AddAsync(Entry(request, reply.Planned), limit.Token);
        }

        if (entry.Plan.Changes.Count > 0)
        {
            await index.AddAsync(input.Attempt.Run.ToString(), entry.Call.Scope, Indexed(input.Attempt, entry.Call), limit.Token);
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(StepSpec.Codec.Write(entry)));
        return await records.KeepAsync(
            input, new StepResult(StepResultKind.Done, entry.Plan.Changes.Count, digest), limit.Token);
    }

    private async Task<PlanRequest> RequestAsync(StepRequest input, CancellationToken cancellationToken)
    {
        var attempt = input.Attempt;
        var wanted = await records.RequestAsync(attempt.Run, cancellationToken);
        return new PlanRequest
        {
            Call = attempt.ToCall(),
            Spec = Any.Pack(ControlPlane.SpecOf(new StepName(attempt.App, attempt.Step), wanted, attempt.Cluster)),
            Earlier = { (input.Earlier ?? []).Select(attempt.LedgerKey) },
        };
    }

    private LedgerEntry Entry(PlanRequest request, Plan plan) => new()
    {
        Call = request.Call,
        Spec = request.Spec,
        Plan = plan,
        Earlier = { request.Earlier },
        PlannedAt = records.Now.ToTimestamp(),
    };

    private static IndexedEntry Indexed(StepAttempt attempt, Call call) =>
        new(attempt.App, call.Step, call.Attempt, LedgerKeys.Entry(call));

    private static StepResult NotPlanned(PlanReply reply) => reply.OutcomeCase switch
    {
        PlanReply.OutcomeOneofCase.Wait => StepOutcomes.Of(reply.Wait),
        PlanReply.OutcomeOneofCase.Refused => StepOutcomes.Of(reply.Refused),
        _ => throw new InvalidOperationException("The service answered without an outcome."),
    };
}
