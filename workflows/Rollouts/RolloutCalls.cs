using Dapr.Workflow;
using MeshWorkflow.Workflows.Calls;
using MeshWorkflow.Workflows.Clusters;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Rollouts;

/// <summary>What the workflows above a cluster call.</summary>
internal sealed class RolloutCalls(WorkflowContext context, RolloutInput rollout)
{
    // Bookkeeping has no patience of its own: without it nothing can go on.
    private static readonly DateTime Never = DateTime.MaxValue;

    // Behind all calls of the cluster's own workflows, and before those of the next undo.
    private int LastNumber => ((rollout.CompensationNumber + 1) * ClusterCompensation.NumbersPerRun) - 1;

    private readonly TimedCalls _calls = new(context, rollout.Timing);

    public Task RecordAsync(RolloutState state) => _calls.CallAsync<bool>(
        nameof(RecordRollout), new RolloutRecord(rollout.Run, state, rollout.Rollback), CallKind.Reading, Never);

    public async Task<IReadOnlyList<ClusterRef>> BatchAsync(int batch) =>
        [.. (await LoadAsync(batch)).Clusters.Select(ClusterText.Parse)];

    /// <summary>How many batches the rollout has.</summary>
    public async Task<int> CountBatchesAsync() => ((await LoadAsync(batch: 0)).Total + BatchInput.Size - 1) / BatchInput.Size;

    public Task<Tally> RunBatchAsync(string workflow, BatchRunInput input, string id) =>
        context.CallChildWorkflowAsync<Tally>(workflow, input, new ChildWorkflowTaskOptions(id));

    /// <summary>Runs a cluster's workflow. A fault of ours in it ends that cluster, not the others.</summary>
    public async Task<ClusterVerdict> RunClusterAsync(string workflow, object input, string id, ClusterRef cluster)
    {
        try
        {
            return await context.CallChildWorkflowAsync<ClusterVerdict>(workflow, input, new ChildWorkflowTaskOptions(id));
        }
        catch (WorkflowTaskFailedException exception)
        {
            return await EndAsync(cluster, ClusterState.Failed, "INTERNAL", $"{id} failed: {exception.FailureDetails.ErrorMessage}");
        }
    }

    /// <summary>Ends a cluster that no workflow of its own ends.</summary>
    public async Task<ClusterVerdict> EndAsync(ClusterRef cluster, ClusterState state, string reason, string message)
    {
        var record = new ClusterRecord(rollout.Run, cluster, LastNumber, state, reason, message);
        await _calls.CallAsync<bool>(nameof(RecordCluster), record, CallKind.Reading, Never);
        return new ClusterVerdict(state, reason);
    }

    private Task<BatchClusters> LoadAsync(int batch) =>
        _calls.CallAsync<BatchClusters>(nameof(LoadBatch), new BatchInput(rollout.Run, batch), CallKind.Reading, Never);
}
