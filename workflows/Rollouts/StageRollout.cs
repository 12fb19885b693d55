using Dapr.Workflow;
using MeshWorkflow.Workflows.Calls;
using MeshWorkflow.Workflows.Clusters;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.Workflows.Scopes;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Rollouts;

/// <summary>A stage: its batches one after another; then it is left alone for a while, or until somebody approves.</summary>
internal sealed class StageRollout : Workflow<StageInput, StageVerdict>
{
    public override async Task<StageVerdict> RunAsync(WorkflowContext context, StageInput input)
    {
        var calls = new RolloutCalls(context, input.Run, input.Timing);
        var stage = await calls.AskAsync<StageFacts>(nameof(LoadStage), new StageQuery(input.Run, input.Stage));
        await RecordAsync(calls, input, StageState.Running);
        var tally = new Tally();
        for (var batch = 0; batch < stage.Batches; batch++)
        {
            tally = tally.And(await calls.RunAsync<Tally>(
                nameof(StageBatch),
                new StageBatchInput(input.Run, input.Timing, input.Stage, batch, tally.OverBudget),
                Ids.Batch(context.InstanceId, batch)));
        }

        var end = tally.OverBudget > stage.Budget ? StageEnd.OverBudget : tally.Cancelled > 0 ? StageEnd.Cancelled : StageEnd.Done;
        if (end is StageEnd.Done && stage is { Batches: > 0, HasGate: true })
        {
            end = await GateAsync(context, calls, input, stage, tally);
            tally = end is StageEnd.Cancelled ? tally with { Cancelled = tally.Cancelled + 1 } : tally;
        }

        await RecordAsync(calls, input, StateOf(end), tally.OverBudget);
        return new StageVerdict(tally, end);
    }

    private static async Task<StageEnd> GateAsync(WorkflowContext context, RolloutCalls calls, StageInput input, StageFacts stage, Tally tally)
    {
        var until = context.CurrentUtcDateTime + TimeSpan.FromMilliseconds(stage.Soak);
        await RecordAsync(calls, input, stage.Soak > 0 ? StageState.Soaking : StageState.AwaitingApproval, tally.OverBudget, until);
        if (stage.Soak > 0 && stage.NeedsApproval)
        {
            var soaked = new StageGateInput(input.Run, input.Timing, stage.Name, until, NeedsApproval: false);
            if (!await calls.RunAsync<bool>(nameof(StageGate), soaked, Ids.Soak(context.InstanceId)))
            {
                return StageEnd.Cancelled;
            }

            await RecordAsync(calls, input, StageState.AwaitingApproval, tally.OverBudget);
        }

        var gate = new StageGateInput(input.Run, input.Timing, stage.Name, until, stage.NeedsApproval);
        return await calls.RunAsync<bool>(nameof(StageGate), gate, Ids.Gate(context.InstanceId)) ? StageEnd.Done : StageEnd.Cancelled;
    }

    private static Task RecordAsync(RolloutCalls calls, StageInput input, StageState state, int failed = 0, DateTime? until = null) =>
        calls.AskAsync<bool>(nameof(RecordStage), new StageRecord(input.Run, input.Stage, state, failed, until));

    private static StageState StateOf(StageEnd end) => end switch
    {
        StageEnd.OverBudget => StageState.Failed,
        StageEnd.Cancelled => StageState.Cancelled,
        _ => StageState.Done,
    };
}

/// <summary>A batch of a stage: so many clusters at once as the stage allows, and no new one once more have failed than may.</summary>
internal sealed class StageBatch : Workflow<StageBatchInput, Tally>
{
    public override async Task<Tally> RunAsync(WorkflowContext context, StageBatchInput input)
    {
        var calls = new RolloutCalls(context, input.Run, input.Timing);
        var batch = await calls.AskAsync<BatchFacts>(nameof(LoadBatch), new BatchQuery(input.Run, input.Stage, input.Batch));
        var lane = new Lane(batch.MaxConcurrent, (tally, verdict) => tally.AndBegun(verdict));
        foreach (var cluster in batch.Clusters.Select(ClusterText.Parse).Select(StepScope.Of))
        {
            await lane.RoomAsync();
            if (!await calls.GoesOnAsync())
            {
                lane.Add(
                    await calls.EndAsync(cluster, number: 0, ClusterState.Cancelled, StepFailedException.Cancelled, "Not begun: somebody has cancelled the rollout."),
                    (tally, verdict) => tally.And(verdict));
                continue;
            }

            // While the wish was read, one more may have ended.
            await lane.RoomAsync();
            if (input.Failures + lane.Tally.OverBudget > batch.Budget)
            {
                lane.Add(
                    await calls.EndAsync(
                        cluster, number: 0, ClusterState.Skipped, "BUDGET_EXHAUSTED", "Not begun: more clusters have failed than the stage's failure budget allows."),
                    (tally, verdict) => tally.And(verdict));
                continue;
            }

            lane.Add(calls.RunScopeAsync(
                nameof(ClusterInstall),
                new ClusterInstallInput(input.Run, cluster, input.Timing, batch.OnFailure is FailureAction.Hold),
                Ids.Install(input.Run, cluster),
                cluster,
                UndoNumber.OfCluster));
        }

        return await lane.AllAsync();
    }
}
