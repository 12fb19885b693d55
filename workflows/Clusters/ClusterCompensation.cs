using Dapr.Workflow;
using MeshWorkflow.Workflows.Calls;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Scopes;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Clusters;

/// <summary>
/// Undoes what a run did on one cluster, from the ledger, last change first. A failing undo does not stop the others. Can be
/// repeated as often as one likes: what is put back already is only looked at.
/// </summary>
internal sealed class ClusterCompensation : Workflow<ClusterCompensationInput, ScopeVerdict>
{
    public override async Task<ScopeVerdict> RunAsync(WorkflowContext context, ClusterCompensationInput input)
    {
        var run = new ScopeRun(context, input.Run, input.Cluster, input.Timing, UndoNumber.FirstCall(input.Number));
        var ledger = await run.Calls.CallAsync<LedgerLines>(
            nameof(LoadLedger), run.Input, CallKind.Reading, run.GiveUp(input.Timing.UndoGiveUp));
        if (ledger.Lines.Count == 0 && ledger.State is not (ClusterState.Succeeded or ClusterState.Failed))
        {
            return new ScopeVerdict(ledger.State);
        }

        await run.RecordAsync(ClusterState.Compensating);
        try
        {
            await run.TakeAsync();
            if (input.IsUnanswered)
            {
                // What nobody acknowledged may still be at work; after this it can't be.
                await context.CreateTimer(TimeSpan.FromMilliseconds(input.Timing.UnansweredWait));
            }

            var undo = new StepUndo(run, input.Timing, ledger.Lines.Select(line => line.Attempt).DefaultIfEmpty().Max() + (input.Number * StepUndo.AttemptsPerRun));
            foreach (var line in ledger.Lines.Reverse())
            {
                await undo.RunAsync(line);
            }

            return await EndAsync(input, run, undo);
        }
        catch (StepFailedException failure)
        {
            return await run.EndAsync(ClusterState.CompensationIncomplete, failure.Reason, failure.Message);
        }
    }

    private static async Task<ScopeVerdict> EndAsync(ClusterCompensationInput input, ScopeRun run, StepUndo undo)
    {
        if (!undo.IsClean)
        {
            // The Lease stays: nobody else should build on what is half undone.
            return await run.EndAsync(ClusterState.CompensationIncomplete, undo.Reason ?? input.Reason, undo.Message);
        }

        await run.Calls.CallAsync<bool>(nameof(MarkUndone), run.Input, CallKind.Reading, run.GiveUp(input.Timing.UndoGiveUp));
        var end = input.Reason == StepFailedException.Cancelled ? ClusterState.Cancelled : ClusterState.Compensated;
        return await run.EndAsync(end, input.Reason, await run.ReleaseAsync());
    }
}

/// <summary>What to undo.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="Cluster">The cluster.</param>
/// <param name="Timing">The rollout's intervals.</param>
/// <param name="Number">Which undo of this cluster it is.</param>
/// <param name="IsUnanswered">Whether a call of the run was not acknowledged.</param>
/// <param name="Reason">Why it is undone.</param>
internal sealed record ClusterCompensationInput(
    RolloutRun Run, StepScope Cluster, Timing Timing, int Number, bool IsUnanswered = false, string? Reason = null);
