using Dapr.Workflow;
using MeshWorkflow.Workflows.Clusters;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Rollouts;

/// <summary>
/// The undo of a stage or of a whole rollout, as a rollout of its own: last cluster first, then what they shared. By hand it can be
/// started again as often as one likes.
/// </summary>
internal sealed class Compensation : Workflow<CompensationInput, Tally>
{
    public override async Task<Tally> RunAsync(WorkflowContext context, CompensationInput input)
    {
        var calls = new RolloutCalls(context, input.Run, input.Timing);
        var facts = await calls.AskAsync<UndoFacts>(nameof(LoadUndo), new UndoQuery(input.Run, input.Stage, Batch: 0));
        var tally = new Tally();
        for (var batch = 0; batch < facts.Batches; batch++)
        {
            tally = tally.And(await calls.RunAsync<Tally>(
                nameof(CompensationBatch), new CompensationBatchInput(input, batch), Ids.Batch(context.InstanceId, batch)));
        }

        if (input.Rollback > 0)
        {
            tally = await calls.LeaveAsync(input.Run, input.Timing, input.Number, tally);
            await calls.RecordAsync(EndOf(tally), input.Rollback);
        }

        return tally;
    }

    // What never was there is undone, too.
    private static RolloutState EndOf(Tally tally) => tally.Incomplete > 0
        ? RolloutState.CompensationIncomplete
        : tally.Failed > 0 || tally.Succeeded > 0 ? RolloutState.CompletedWithFailures : RolloutState.Compensated;
}

/// <summary>A batch of an undo. One that fails stops no other.</summary>
internal sealed class CompensationBatch : Workflow<CompensationBatchInput, Tally>
{
    public override async Task<Tally> RunAsync(WorkflowContext context, CompensationBatchInput input)
    {
        var undo = input.Undo;
        var calls = new RolloutCalls(context, undo.Run, undo.Timing);
        var facts = await calls.AskAsync<UndoFacts>(nameof(LoadUndo), new UndoQuery(undo.Run, undo.Stage, input.Batch));
        var lane = new Lane(facts.MaxConcurrent, (tally, verdict) => tally.And(verdict));
        foreach (var cluster in facts.Clusters.Select(ClusterText.Parse).Select(StepScope.Of))
        {
            await lane.RoomAsync();
            lane.Add(calls.RunScopeAsync(
                nameof(ClusterCompensation),
                new ClusterCompensationInput(undo.Run, cluster, undo.Timing, undo.Number, Reason: undo.Reason),
                Ids.Compensation(Ids.Install(undo.Run, cluster), undo.Number),
                cluster,
                undo.Number));
        }

        return await lane.AllAsync();
    }
}
