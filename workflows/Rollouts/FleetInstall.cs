using System.Globalization;
using Dapr.Workflow;
using MeshWorkflow.Workflows.Calls;
using MeshWorkflow.Workflows.Preflights;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.Workflows.Scopes;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Rollouts;

/// <summary>
/// A rollout: looks at the whole fleet before the first write, prepares what clusters share, then installs stage after stage. What it
/// shares and none of its clusters needs any more it leaves at the end.
/// </summary>
internal sealed class FleetInstall : Workflow<RolloutInput, RolloutState>
{
    public override async Task<RolloutState> RunAsync(WorkflowContext context, RolloutInput input)
    {
        var calls = new RolloutCalls(context, input.Run, input.Timing);
        await calls.RecordAsync(RolloutState.Running);
        var tally = await InstallAsync(calls, input);
        tally = await calls.LeaveAsync(input.Run, input.Timing, UndoNumber.OfRollout, tally);
        var end = tally.End is RolloutState.Refused && tally.SharedUndone > 0 ? RolloutState.Compensated : tally.End;
        return await calls.RecordAsync(end);
    }

    private static async Task<Tally> InstallAsync(RolloutCalls calls, RolloutInput input)
    {
        var outline = await calls.AskAsync<Outline>(nameof(LoadOutline), input.Run);
        var preflight = new PreflightTally();
        for (var batch = 0; batch < outline.Batches; batch++)
        {
            preflight = preflight.And(await calls.RunAsync<PreflightTally>(
                nameof(PreflightBatch),
                new PreflightBatchInput(input.Run, input.Timing, batch),
                Ids.Part(input.Run, "preflight", (batch + 1).ToString(CultureInfo.InvariantCulture))));
        }

        var stop = await StopAsync(calls, outline, preflight) ?? await AuthorityAsync(calls, input, outline);
        var plan = await calls.AskAsync<StagePlan>(nameof(ArrangeStages), input.Run);
        var apart = new Tally(Skipped: outline.Clusters - plan.Clusters);
        if (stop is null)
        {
            (var failed, stop) = await PrepareAsync(calls, input, plan);
            if (failed > 0 && stop is null)
            {
                apart = apart with { Late = await calls.AskAsync<int>(nameof(SkipUnprepared), input.Run) };
            }
        }

        return await StagesAsync(calls, input, outline, apart, stop);
    }

    // Those apart are in no stage.
    private static async Task<Tally> StagesAsync(RolloutCalls calls, RolloutInput input, Outline outline, Tally apart, Stop? stop)
    {
        var tally = apart;
        for (var stage = 0; stage < outline.Stages; stage++)
        {
            if (stop is not null)
            {
                tally = tally.And(await calls.AskAsync<Tally>(nameof(SkipStage), new SkipInput(input.Run, stage, stop)));
                continue;
            }

            var verdict = await calls.RunAsync<StageVerdict>(
                nameof(StageRollout), new StageInput(input.Run, input.Timing, stage), Ids.Stage(input.Run, stage));
            stop = StopAfter(verdict.End);
            if (verdict.End is StageEnd.OverBudget && outline.OnFailure is FailureAction.RollbackRollout)
            {
                await SkipRestAsync(calls, input, outline, stage, stop);
                return apart.And(await UndoAsync(calls, input, UndoNumber.OfRollout, CompensationInput.WholeRollout));
            }

            tally = tally.And(verdict.End is StageEnd.OverBudget && outline.OnFailure is FailureAction.RollbackStage
                ? await UndoAsync(calls, input, UndoNumber.OfStage, stage)
                : verdict.Tally);
        }

        return tally;
    }

    private static async Task<Stop?> StopAsync(RolloutCalls calls, Outline outline, PreflightTally preflight)
    {
        if (!await calls.GoesOnAsync())
        {
            return new Stop(ClusterState.Cancelled, StepFailedException.Cancelled, "Not begun: somebody has cancelled the rollout.");
        }

        return preflight.Refused > 0 && outline.Preflight is PreflightAction.Stop
            ? new Stop(ClusterState.Skipped, "PREFLIGHT_STOPPED", "Not begun: preflight refused another cluster, and the request wants all or none.")
            : preflight.Passed == 0 ? new Stop(ClusterState.Skipped, "NOTHING_TO_DO", "Preflight refused every cluster.") : null;
    }

    // What signs for many clusters is looked at once, and before anything is written.
    private static async Task<Stop?> AuthorityAsync(RolloutCalls calls, RolloutInput input, Outline outline)
    {
        var seen = outline.HasAuthorities ? await calls.AskAsync<StepResult>(nameof(CheckAuthorities), input.Run) : null;
        return seen is { Kind: StepResultKind.Refused }
            ? new Stop(ClusterState.Skipped, seen.Reason ?? "REFUSED", seen.Message ?? "Not begun: what is to sign can't.")
            : null;
    }

    private static Stop? StopAfter(StageEnd end) => end switch
    {
        StageEnd.OverBudget => new Stop(ClusterState.Skipped, "BUDGET_EXHAUSTED", "Not begun: more clusters have failed than the stage's failure budget allows."),
        StageEnd.Cancelled => new Stop(ClusterState.Cancelled, StepFailedException.Cancelled, "Not begun: somebody has cancelled the rollout."),
        _ => null,
    };

    // How many could not be prepared, and why nothing is begun at all, if so.
    private static async Task<(int Failed, Stop? Stop)> PrepareAsync(RolloutCalls calls, RolloutInput input, StagePlan plan)
    {
        var failed = 0;
        for (var batch = 0; batch < plan.ScopeBatches; batch++)
        {
            var prepared = await calls.RunAsync<Preparation>(
                nameof(ScopePreparation),
                new ScopeBatchInput(input.Run, input.Timing, batch),
                Ids.Part(input.Run, "prepare", (batch + 1).ToString(CultureInfo.InvariantCulture)));
            failed += prepared.Failed;
            if (prepared.Stopper is { } scope)
            {
                return (failed, prepared.Reason == StepFailedException.Cancelled
                    ? StopAfter(StageEnd.Cancelled)
                    : new Stop(ClusterState.Skipped, Needs.Missing, $"Not begun: {scope} could not be prepared: {prepared.Reason}."));
            }
        }

        return (failed, null);
    }

    // The stages behind one that ended the rollout; their clusters were never begun.
    private static async Task SkipRestAsync(RolloutCalls calls, RolloutInput input, Outline outline, int stage, Stop? stop)
    {
        for (var rest = stage + 1; rest < outline.Stages && stop is not null; rest++)
        {
            await calls.AskAsync<Tally>(nameof(SkipStage), new SkipInput(input.Run, rest, stop));
        }
    }

    private static Task<Tally> UndoAsync(RolloutCalls calls, RolloutInput input, int number, int stage) => calls.RunAsync<Tally>(
        nameof(Compensation),
        new CompensationInput(input.Run, input.Timing, number, stage, "BUDGET_EXHAUSTED"),
        Ids.Compensation(input.Run.ToString(), number));
}
