using Dapr.Workflow;
using MeshWorkflow.Workflows.Clusters;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Rollouts;

/// <summary>The undo of a rollout, as a rollout of its own: last cluster first. Can be started again as often as one likes.</summary>
internal sealed class Compensation : Workflow<RolloutInput, RolloutState>
{
    public override async Task<RolloutState> RunAsync(WorkflowContext context, RolloutInput input)
    {
        var calls = new RolloutCalls(context, input);
        var tally = new Tally();
        for (var batch = await calls.CountBatchesAsync() - 1; batch >= 0; batch--)
        {
            tally = tally.And(await calls.RunBatchAsync(
                nameof(CompensationBatch), new BatchRunInput(input, batch), Ids.Batch(context.InstanceId, batch)));
        }

        await calls.RecordAsync(tally.End);
        return tally.End;
    }
}

/// <summary>A batch of an undo. One that fails stops no other.</summary>
internal sealed class CompensationBatch : Workflow<BatchRunInput, Tally>
{
    public override async Task<Tally> RunAsync(WorkflowContext context, BatchRunInput input)
    {
        var rollout = input.Rollout;
        var calls = new RolloutCalls(context, rollout);
        var tally = new Tally();
        foreach (var cluster in (await calls.BatchAsync(input.Batch)).Reverse())
        {
            tally = tally.And(await calls.RunClusterAsync(
                nameof(ClusterCompensation),
                new ClusterCompensationInput(rollout.Run, cluster, rollout.Timing, rollout.CompensationNumber, Reason: "ROLLED_BACK"),
                Ids.Compensation(Ids.ClusterInstall(rollout.Run, cluster), rollout.CompensationNumber),
                cluster));
        }

        return tally;
    }
}
