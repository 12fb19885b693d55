using Dapr.Workflow;
using MeshWorkflow.Ledger;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Scopes;

/// <summary>Records where a cluster, or what clusters share, stands.</summary>
internal sealed class RecordScope(ScopeRecorder recorder, StepRecords records) : WorkflowActivity<ScopeRecord, bool>
{
    public override async Task<bool> RunAsync(WorkflowActivityContext context, ScopeRecord input)
    {
        using var limit = records.Limit();
        await recorder.StateAsync(input, limit.Token);
        return true;
    }
}

/// <summary>Raises the epoch of a scope that is still the run's own: calls that it has given up write nothing any more. 0: it is another's.</summary>
internal sealed class PassEpoch(Epochs epochs, StepRecords records) : WorkflowActivity<ScopeClaim, long>
{
    public override async Task<long> RunAsync(WorkflowActivityContext context, ScopeClaim input)
    {
        using var limit = records.Limit();
        return await epochs.RaiseAsync(input.Scope.ToString(), input.Instance, input.Epoch, limit.Token);
    }
}

/// <summary>Finds what a run has in the ledger for a cluster, as far as it isn't undone.</summary>
internal sealed class LoadLedger(LedgerIndex index, Documents documents, StepRecords records) : WorkflowActivity<ScopeInput, LedgerLines>
{
    public override async Task<LedgerLines> RunAsync(WorkflowActivityContext context, ScopeInput input)
    {
        using var limit = records.Limit();
        var scope = input.Scope.ToString();
        var run = input.Run.ToString();
        var stands = (await index.RunsAsync(scope, limit.Token)).Contains(new IndexedRun(run, IsUndone: false));
        var entries = stands ? await index.EntriesAsync(run, scope, limit.Token) : [];
        var document = await documents.ScopeAsync(input.Run, input.Scope, limit.Token);
        return new LedgerLines(
            [.. entries.Select(entry => new LedgerLine(entry.App, entry.Step, entry.Attempt))], document?.State ?? ClusterState.Pending);
    }
}

/// <summary>Notes that nothing of a run stands on a cluster any more.</summary>
internal sealed class MarkUndone(LedgerIndex index, StepRecords records) : WorkflowActivity<ScopeInput, bool>
{
    public override async Task<bool> RunAsync(WorkflowActivityContext context, ScopeInput input)
    {
        using var limit = records.Limit();
        await index.MarkUndoneAsync(input.Run.ToString(), input.Scope.ToString(), limit.Token);
        return true;
    }
}

/// <summary>A cluster of a rollout, or what its clusters share.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="Scope">The scope.</param>
internal sealed record ScopeInput(RolloutRun Run, StepScope Scope);

/// <summary>What a run has in the ledger for a cluster.</summary>
/// <param name="Lines">The plans, in the order of their making.</param>
/// <param name="State">Where the cluster stands.</param>
internal sealed record LedgerLines(IReadOnlyList<LedgerLine> Lines, ClusterState State);

/// <summary>A plan in the ledger.</summary>
/// <param name="App">The service that has the step.</param>
/// <param name="Step">The step.</param>
/// <param name="Attempt">The attempt that planned.</param>
internal sealed record LedgerLine(string App, string Step, int Attempt);
