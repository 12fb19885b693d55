using System.Security.Cryptography;
using Dapr.Workflow;
using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Workflows.Steps;

/// <summary>
/// Plans a step and stores the plan before anything is written. Delivered again, it answers what is stored: the world may have
/// moved on, but what is applied is what was planned.
/// </summary>
internal sealed class PlanStep(StepClients clients, Plans plans, StepRecords records) : WorkflowActivity<StepRequest, StepResult>
{
    public override async Task<StepResult> RunAsync(WorkflowActivityContext context, StepRequest input)
    {
        using var limit = records.Limit();
        return await records.KeepAsync(input, await PlanAsync(input, limit.Token), limit.Token);
    }

    private async Task<StepResult> PlanAsync(StepRequest input, CancellationToken cancellationToken)
    {
        var wanted = await records.RequestAsync(input.Attempt.Run, cancellationToken);
        var definition = StepCatalog.Find(wanted, input.Attempt.App, input.Attempt.Step);
        var entry = await plans.FindAsync(input.Attempt, cancellationToken);
        if (entry is null)
        {
            var request = Request(input, definition, wanted);
            var reply = await clients.Steps(input.Attempt.App).PlanAsync(request, records.Options(cancellationToken));
            if (reply.OutcomeCase is not PlanReply.OutcomeOneofCase.Planned)
            {
                return NotPlanned(reply);
            }

            entry = await plans.AddAsync(request, reply.Planned, cancellationToken);
        }

        if (await plans.ListAsync(input.Attempt, entry, cancellationToken) is { } busy)
        {
            return new StepResult(StepResultKind.Conflict, Message: $"{busy} puts back what this relies on; it is looked at again when that is done");
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(StepSpec.Codec.Write(entry)));
        return new StepResult(StepResultKind.Done, entry.Plan.Changes.Count, digest, IsLong: definition.IsLong);
    }

    private static PlanRequest Request(StepRequest input, StepDefinition definition, FleetInstallRequest wanted) => new()
    {
        Call = input.Attempt.ToCall(wanted),
        Spec = Any.Pack(definition.SpecOf(wanted, input.Attempt.Scope)
            ?? throw new InvalidOperationException($"The request does not want {definition.Name} in {input.Attempt.Scope}.")),
        Earlier = { (input.Earlier ?? []).Select(input.Attempt.LedgerKey) },
    };

    private static StepResult NotPlanned(PlanReply reply) => reply.OutcomeCase switch
    {
        PlanReply.OutcomeOneofCase.Wait => StepOutcomes.Of(reply.Wait),
        PlanReply.OutcomeOneofCase.Refused => StepOutcomes.Of(reply.Refused),
        _ => throw new InvalidOperationException("The service answered without an outcome."),
    };
}

/// <summary>Refusals that the orchestrator knows.</summary>
internal static class StepRefusals
{
    /// <summary>Google does not know the identities of the fleet's workloads before the fleet has a member.</summary>
    public const string PoolUnknown = "IDENTITY_POOL_UNKNOWN";

    // What preflight saw otherwise: a cluster that Google does not know for a moment, a token that ended early, roles that clusters don't know yet.
    private static readonly string[] Passing = ["CLUSTER_NOT_FOUND", "CLUSTER_CREDENTIALS_REJECTED", "CREDENTIALS_REJECTED", "MEMBER_ADMIN_MISSING"];

    /// <summary>Whether a refusal may pass by itself, or be lifted by somebody: it is asked again for as long as there is patience.</summary>
    public static bool MayPass(StepResult result) => result.Kind is StepResultKind.Refused && Passing.Contains(result.Reason);
}
