using Dapr.Workflow;
using MeshWorkflow.Workflows.Calls;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Scopes;

/// <summary>
/// Prepares a project that clusters share: once for a rollout, before any of its clusters. What it changes or finds as wanted, the
/// rollout relies on from then on, together with all others that do. What is for the workloads of a fleet that has no member yet is
/// left, and done late: by the first clusters that have become members.
/// </summary>
internal sealed class ScopeInstall : Workflow<ScopeInstallInput, ScopeVerdict>
{
    private const string Left = "It goes on once the fleet has its first member: before, Google does not know the identities of its workloads.";

    public override async Task<ScopeVerdict> RunAsync(WorkflowContext context, ScopeInstallInput input)
    {
        var run = new ScopeRun(context, input.Run, input.Scope, input.Timing, firstNumber: ScopeRecord.FirstOfInstall);
        var saga = new StepSaga(context, run, input.Timing);
        if (input.IsLate)
        {
            return await FinishAsync(context, input, run, saga);
        }

        await run.RecordAsync(ClusterState.Running);
        try
        {
            foreach (var step in await run.TakeAsync())
            {
                await saga.RunAsync(step);
            }
        }
        catch (StepFailedException failure)
        {
            await run.FenceAsync();
            await run.ReleaseAsync();
            return failure.Reason == StepRefusals.PoolUnknown
                ? await run.EndAsync(ClusterState.Pending, message: Left)
                : await run.EndAsync(saga.HasWritten ? ClusterState.Failed : ClusterState.Skipped, failure.Reason, failure.Message);
        }

        return await run.EndAsync(ClusterState.Succeeded, message: await run.ReleaseAsync());
    }

    // Clusters take turns at this: what one has finished the next ones find done. Each records its end before it lets the next one have its turn.
    private static async Task<ScopeVerdict> FinishAsync(WorkflowContext context, ScopeInstallInput input, ScopeRun run, StepSaga saga)
    {
        var verdict = new ScopeVerdict(ClusterState.Succeeded);
        try
        {
            var steps = await run.TakeAsync(isLate: true);
            if (steps.Count > 0)
            {
                await run.RecordAsync(ClusterState.Running);
                var giveUp = run.GiveUp(input.Timing.StepGiveUp);
                foreach (var step in steps)
                {
                    await FinishAsync(context, run, saga, step, giveUp);
                }

                await run.RecordAsync(verdict.State);
            }
        }
        catch (StepFailedException failure)
        {
            await run.FenceAsync();
            verdict = await run.EndAsync(ClusterState.Failed, failure.Reason, failure.Message);
        }

        await run.ReleaseAsync();
        return verdict;
    }

    // Not all of Google knows a new member at once.
    private static async Task FinishAsync(WorkflowContext context, ScopeRun run, StepSaga saga, StepName step, DateTime giveUp)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await saga.RunAsync(step);
                return;
            }
            catch (StepFailedException failure) when (failure.Reason == StepRefusals.PoolUnknown && context.CurrentUtcDateTime < giveUp)
            {
                await run.Calls.SleepAsync(notBefore: null, tries, giveUp);
            }
        }
    }
}

/// <summary>
/// Leaves a project: the rollout relies on nothing there any more. What nobody relies on then is put back, last step first; and
/// nothing that comes before a step which could not be put back.
/// </summary>
internal sealed class ScopeRelease : Workflow<ScopeReleaseInput, ScopeVerdict>
{
    /// <summary>The verdict's reason where nothing was to be put back.</summary>
    public const string NothingToDo = "NOTHING_TO_DO";

    public override async Task<ScopeVerdict> RunAsync(WorkflowContext context, ScopeReleaseInput input)
    {
        var run = new ScopeRun(context, input.Run, input.Scope, input.Timing, UndoNumber.FirstCall(input.Number));
        await run.RecordAsync(ClusterState.Compensating);
        try
        {
            var steps = await run.TakeAsync();

            // What a call left behind that nobody acknowledged is over by then, or stopped by the epoch.
            var leaving = new StepLeaving(run, input);
            foreach (var step in steps.Reverse())
            {
                if (!await leaving.IsLeftAsync(step))
                {
                    break;
                }
            }

            await run.ReleaseAsync();
            if (!leaving.Undo.HasRun)
            {
                await run.RecordAsync(ClusterState.Compensated, message: leaving.Kept);
                return new ScopeVerdict(ClusterState.Compensated, NothingToDo);
            }

            return leaving.Undo.IsClean
                ? await run.EndAsync(ClusterState.Compensated)
                : await run.EndAsync(ClusterState.CompensationIncomplete, leaving.Undo.Reason, leaving.Undo.Message);
        }
        catch (StepFailedException failure)
        {
            await run.ReleaseAsync();
            return await run.EndAsync(ClusterState.CompensationIncomplete, failure.Reason, failure.Message);
        }
    }
}

/// <summary>What to prepare.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="Scope">The project.</param>
/// <param name="Timing">The rollout's intervals.</param>
/// <param name="IsLate">Whether what an earlier preparation has left is to be done.</param>
internal sealed record ScopeInstallInput(RolloutRun Run, StepScope Scope, Timing Timing, bool IsLate = false);

/// <summary>What to leave.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="Scope">The project.</param>
/// <param name="Timing">The rollout's intervals.</param>
/// <param name="Number">Which undo it belongs to.</param>
internal sealed record ScopeReleaseInput(RolloutRun Run, StepScope Scope, Timing Timing, int Number);
