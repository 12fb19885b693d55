using System.Text.Json.Serialization;
using Dapr.Workflow;
using MeshWorkflow.Ledger;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Clusters;

/// <summary>Records where a cluster stands.</summary>
internal sealed class RecordCluster(ClusterRecorder recorder, StepRecords records) : WorkflowActivity<ClusterRecord, bool>
{
    public override async Task<bool> RunAsync(WorkflowActivityContext context, ClusterRecord input)
    {
        using var limit = records.Limit();
        await recorder.StateAsync(input, limit.Token);
        return true;
    }
}

/// <summary>Finds what a run has in the ledger for a cluster, as far as it isn't undone.</summary>
internal sealed class LoadLedger(LedgerIndex index, Documents documents, StepRecords records)
    : WorkflowActivity<ClusterInput, LedgerLines>
{
    public override async Task<LedgerLines> RunAsync(WorkflowActivityContext context, ClusterInput input)
    {
        using var limit = records.Limit();
        var scope = Ids.Scope(input.Cluster);
        var run = input.Run.ToString();
        var stands = (await index.RunsAsync(scope, limit.Token)).Contains(new IndexedRun(run, IsUndone: false));
        var entries = stands ? await index.EntriesAsync(run, scope, limit.Token) : [];
        var document = await documents.GetAsync(
            Documents.Cluster(run, Ids.Cluster(input.Cluster)), ReadModelJson.Default.ClusterDocument, limit.Token);
        return new LedgerLines(
            [.. entries.Select(entry => new LedgerLine(entry.App, entry.Step, entry.Attempt))], document?.State ?? ClusterState.Pending);
    }
}

/// <summary>Notes that nothing of a run stands on a cluster any more.</summary>
internal sealed class MarkUndone(LedgerIndex index, StepRecords records) : WorkflowActivity<ClusterInput, bool>
{
    public override async Task<bool> RunAsync(WorkflowActivityContext context, ClusterInput input)
    {
        using var limit = records.Limit();
        await index.MarkUndoneAsync(input.Run.ToString(), Ids.Scope(input.Cluster), limit.Token);
        return true;
    }
}

/// <summary>A cluster of a rollout.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="Cluster">The cluster.</param>
internal sealed record ClusterInput(RolloutRun Run, [property: JsonConverter(typeof(ClusterText))] ClusterRef Cluster);

/// <summary>What a run has in the ledger for a cluster.</summary>
/// <param name="Lines">The plans, in the order of their making.</param>
/// <param name="State">Where the cluster stands.</param>
internal sealed record LedgerLines(IReadOnlyList<LedgerLine> Lines, ClusterState State);

/// <summary>A plan in the ledger.</summary>
/// <param name="App">The service that has the step.</param>
/// <param name="Step">The step.</param>
/// <param name="Attempt">The attempt that planned.</param>
internal sealed record LedgerLine(string App, string Step, int Attempt);
