using Dapr.Workflow;
using MeshWorkflow.Workflows.Calls;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Scopes;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Clusters;

/// <summary>
/// Installs the mesh on one cluster. What fails after the first write is undone, or left for people to look at; it always ends with
/// a verdict.
/// </summary>
internal sealed class ClusterInstall : Workflow<ClusterInstallInput, ScopeVerdict>
{
    public override async Task<ScopeVerdict> RunAsync(WorkflowContext context, ClusterInstallInput input)
    {
        var run = new ScopeRun(context, input.Run, input.Cluster, input.Timing, firstNumber: ScopeRecord.FirstOfInstall);
        var saga = new StepSaga(context, run, input.Timing);
        await run.RecordAsync(ClusterState.Running);
        try
        {
            foreach (var step in await run.TakeAsync())
            {
                await saga.RunAsync(step);
                if (step == ControlPlane.Registration)
                {
                    await FinishAsync(context, input, run.Late);
                }
            }
        }
        catch (StepFailedException failure)
        {
            return await FailAsync(context, input, run, saga, failure);
        }

        return await run.EndAsync(ClusterState.Succeeded, message: await run.ReleaseAsync());
    }

    // Prepares what could not be before the fleet had a member.
    private static async Task FinishAsync(WorkflowContext context, ClusterInstallInput input, IReadOnlyList<StepScope> late)
    {
        foreach (var scope in late)
        {
            var verdict = await context.CallChildWorkflowAsync<ScopeVerdict>(
                nameof(ScopeInstall),
                new ScopeInstallInput(input.Run, scope, input.Timing, IsLate: true),
                new ChildWorkflowTaskOptions(Ids.Late(input.Run, scope, input.Cluster)));
            if (verdict.State is not ClusterState.Succeeded)
            {
                throw verdict.Reason == StepFailedException.Cancelled
                    ? StepFailedException.OfCancel()
                    : new StepFailedException(Needs.Missing, $"{scope} could not be prepared: {verdict.Reason}.");
            }
        }
    }

    private static async Task<ScopeVerdict> FailAsync(
        WorkflowContext context, ClusterInstallInput input, ScopeRun run, StepSaga saga, StepFailedException failure)
    {
        if (failure.IsTakenOver)
        {
            return await run.EndAsync(ClusterState.Failed, failure.Reason, failure.Message);
        }

        if (!saga.HasWritten)
        {
            var left = await run.ReleaseAsync();
            var state = failure.IsCancelled ? ClusterState.Cancelled : ClusterState.Skipped;
            return await run.EndAsync(state, failure.Reason, $"{failure.Message} {left}".TrimEnd());
        }

        if (input.IsHeld && !failure.IsCancelled)
        {
            // The Lease stays: nobody else should build on what is half done.
            await run.FenceAsync();
            return await run.EndAsync(ClusterState.Failed, failure.Reason, failure.Message);
        }

        await run.RecordAsync(ClusterState.Running, failure.Reason, failure.Message);
        return await context.CallChildWorkflowAsync<ScopeVerdict>(
            nameof(ClusterCompensation),
            new ClusterCompensationInput(input.Run, input.Cluster, input.Timing, UndoNumber.OfCluster, run.Calls.IsUnanswered, failure.Reason),
            new ChildWorkflowTaskOptions(Ids.Compensation(context.InstanceId, UndoNumber.OfCluster)));
    }
}

/// <summary>Which cluster to install on.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="Cluster">The cluster.</param>
/// <param name="Timing">The rollout's intervals.</param>
/// <param name="IsHeld">Whether what fails is left as it is.</param>
internal sealed record ClusterInstallInput(RolloutRun Run, StepScope Cluster, Timing Timing, bool IsHeld);
