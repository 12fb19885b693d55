using Dapr.Workflow;
using MeshWorkflow.Workflows.Clusters;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Rollouts;

/// <summary>A rollout: installs the mesh on a fleet, one batch of clusters after another.</summary>
internal sealed class FleetInstall : Workflow<RolloutInput, RolloutState>
{
    public override async Task<RolloutState> RunAsync(WorkflowContext context, RolloutInput input)
    {
        var calls = new RolloutCalls(context, input);
        await calls.RecordAsync(RolloutState.Running);
        var tally = new Tally();
        var batches = await calls.CountBatchesAsync();
        for (var batch = 0; batch < batches; batch++)
        {
            tally = tally.And(await calls.RunBatchAsync(
                nameof(InstallBatch), new BatchRunInput(input, batch, tally.OverBudget), Ids.Batch(context.InstanceId, batch)));
        }

        await calls.RecordAsync(tally.End);
        return tally.End;
    }
}

/// <summary>A batch of a rollout: its clusters in their order, one at a time. A failed one lets no other begin.</summary>
internal sealed class InstallBatch : Workflow<BatchRunInput, Tally>
{
    public override async Task<Tally> RunAsync(WorkflowContext context, BatchRunInput input)
    {
        var rollout = input.Rollout;
        var calls = new RolloutCalls(context, rollout);
        var tally = new Tally();
        foreach (var cluster in await calls.BatchAsync(input.Batch))
        {
            tally = tally.And(input.Failures + tally.OverBudget > 0
                ? await calls.EndAsync(
                    cluster, ClusterState.Skipped, "BUDGET_EXHAUSTED", "Not begun: another cluster has failed, and the failure budget is 0.")
                : await calls.RunClusterAsync(
                    nameof(ClusterInstall),
                    new ClusterInstallInput(rollout.Run, cluster, rollout.Timing),
                    Ids.ClusterInstall(rollout.Run, cluster),
                    cluster));
        }

        return tally;
    }
}
