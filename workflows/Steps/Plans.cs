using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.Ledger;
using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Workflows.Steps;

/// <summary>Stored plans of rollouts.</summary>
internal sealed class Plans(StepLedger ledger, LedgerIndex index, Claims claims, TimeProvider time)
{
    public Task<LedgerEntry?> FindAsync(StepAttempt attempt, CancellationToken cancellationToken) =>
        ledger.GetAsync(attempt.LedgerKey(attempt.Attempt), cancellationToken);

    public Task<LedgerEntry> AddAsync(PlanRequest request, Plan plan, CancellationToken cancellationToken) => ledger.AddAsync(
        new LedgerEntry
        {
            Call = request.Call,
            Spec = request.Spec,
            Plan = plan,
            Earlier = { request.Earlier },
            PlannedAt = time.GetUtcNow().ToTimestamp(),
        },
        cancellationToken);

    /// <summary>Lists a plan, so that it can be found to be undone; for what clusters share, joins the rollout to those that rely on it.</summary>
    /// <returns>The run that puts something of it back just now; null: it is listed.</returns>
    public async Task<string?> ListAsync(StepAttempt attempt, LedgerEntry entry, CancellationToken cancellationToken)
    {
        if (attempt.Scope.IsShared)
        {
            return await claims.JoinAsync(attempt.App, entry, cancellationToken);
        }

        if (entry.Plan.Changes.Count > 0)
        {
            await index.AddAsync(attempt.Run.ToString(), entry.Call.Scope, Indexed(attempt, entry.Call), cancellationToken);
        }

        return null;
    }

    private static IndexedEntry Indexed(StepAttempt attempt, Call call) =>
        new(attempt.App, call.Step, call.Attempt, LedgerKeys.Entry(call));
}
