using MeshWorkflow.Ledger;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Changes;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Steps.Calls;

/// <summary>What every call of every step has in common: finding the step, and its stored plan.</summary>
internal sealed class StepCalls(StepCatalog catalog, StepLedger ledger, OutcomeCalls calls, TimeProvider time)
{
    public async Task<PlanReply> PlanAsync(PlanRequest request, CancellationToken cancellationToken)
    {
        Plan? plan = null;
        var outcome = await calls.RunAsync(
            request.Call,
            "Plan",
            async (call, token) =>
            {
                plan = await PlanAsync(call, request, token);
                return Outcomes.Done();
            },
            cancellationToken);
        return outcome.OutcomeCase switch
        {
            Outcome.OutcomeOneofCase.Refused => new PlanReply { Refused = outcome.Refused },
            Outcome.OutcomeOneofCase.Wait => new PlanReply { Wait = outcome.Wait },

            // Somebody writes while we read: look again in a moment.
            Outcome.OutcomeOneofCase.Conflict => new PlanReply { Wait = Outcomes.Wait(time.GetUtcNow(), outcome.Conflict.Message).Wait },
            _ => new PlanReply { Planned = plan },
        };
    }

    public Task<Outcome> ApplyAsync(ApplyRequest request, CancellationToken cancellationToken) => calls.WriteAsync(
        request.Call,
        "Apply",
        (gate, token) => OnPlanAsync(
            request.Call, request.LedgerKey, (step, entry) => step.ApplyAsync(entry, new WriteFacts(new CallFacts(request.Call), gate), token), token),
        cancellationToken,
        catalog.Find(request.Call)?.ApplyLimit);

    public Task<Outcome> RevertAsync(RevertRequest request, CancellationToken cancellationToken) => calls.WriteAsync(
        request.Call,
        "Revert",
        (gate, token) => OnPlanAsync(
            request.Call, request.LedgerKey, (step, entry) => step.RevertAsync(entry, new WriteFacts(new CallFacts(request.Call), gate), token), token),
        cancellationToken);

    public Task<Outcome> VerifyAsync(VerifyRequest request, CancellationToken cancellationToken) => calls.RunAsync(
        request.Call,
        "Verify",
        (call, token) => OnPlanAsync(
            call,
            request.LedgerKey,
            (step, entry) => step.VerifyAsync(entry, new VerifyFacts(new CallFacts(call), request.Side, request.Handles), token),
            token),
        cancellationToken);

    private async Task<Plan> PlanAsync(Call call, PlanRequest request, CancellationToken cancellationToken)
    {
        var step = catalog.For(call);
        if (request.Spec is null || !request.Spec.Is(step.Spec))
        {
            throw new MeshException(
                "SPEC_MISMATCH",
                $"Step '{call.Step}' wants a {step.Spec.FullName}, not '{request.Spec?.TypeUrl}'.",
                "Orchestrator and services must be of the same release.");
        }

        var earlier = await Task.WhenAll(request.Earlier.Select(key => EntryAsync(key, cancellationToken)));
        try
        {
            return await step.PlanAsync(
                request.Spec, new PlanFacts(new CallFacts(call), [.. earlier.Select(entry => entry.Plan)]), cancellationToken);
        }
        catch (Exception exception) when (Ahead.Of(exception, request.Ahead) is { } awaited)
        {
            return Plans.Nothing().With("UNKNOWN_UNTIL", $"{call.Step} is unknown until {awaited}: {exception.Message}");
        }
    }

    private async Task<Outcome> OnPlanAsync(
        Call call, string ledgerKey, Func<IStep, LedgerEntry, Task<Outcome>> run, CancellationToken cancellationToken)
    {
        var step = catalog.For(call);
        var entry = await EntryAsync(ledgerKey, cancellationToken);
        return entry.Plan.Changes.Count == 0 ? Outcomes.Done() : await run(step, entry);
    }

    private async Task<LedgerEntry> EntryAsync(string key, CancellationToken cancellationToken) =>
        await ledger.GetAsync(key, cancellationToken) ?? throw new MeshException(
            "PLAN_MISSING", $"The ledger has no plan '{key}'.", "All apps must use the same state component, with keyPrefix 'name'.");
}
