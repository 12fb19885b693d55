using System.Text.Json.Serialization;
using Dapr.Workflow;
using MeshWorkflow.Workflows.Calls;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Clusters;

/// <summary>Installs the mesh on one cluster. What fails after the first write is undone; it always ends with a verdict.</summary>
internal sealed class ClusterInstall : Workflow<ClusterInstallInput, ClusterVerdict>
{
    public override async Task<ClusterVerdict> RunAsync(WorkflowContext context, ClusterInstallInput input)
    {
        var run = new ClusterRun(context, input.Run, input.Cluster, input.Timing, firstNumber: 0);
        var saga = new ClusterSaga(context, run, input.Timing);
        await run.RecordAsync(ClusterState.Running);
        try
        {
            await run.TakeAsync();
            await saga.RunAsync(ControlPlane.MeshNamespace);
            await saga.RunAsync(ControlPlane.RegisterMembership);
            await saga.RunAsync(ControlPlane.LabelMesh);
        }
        catch (StepFailedException failure)
        {
            return await FailAsync(context, input, run, saga, failure);
        }

        return await run.EndAsync(ClusterState.Succeeded, message: await run.ReleaseAsync());
    }

    private static async Task<ClusterVerdict> FailAsync(
        WorkflowContext context, ClusterInstallInput input, ClusterRun run, ClusterSaga saga, StepFailedException failure)
    {
        if (failure.IsTakenOver)
        {
            return await run.EndAsync(ClusterState.Failed, failure.Reason, failure.Message);
        }

        if (!saga.HasWritten)
        {
            // Refused before the first write: as if preflight had done it.
            var left = await run.ReleaseAsync();
            return await run.EndAsync(ClusterState.Skipped, failure.Reason, $"{failure.Message} {left}".TrimEnd());
        }

        await run.RecordAsync(ClusterState.Running, failure.Reason, failure.Message);
        return await context.CallChildWorkflowAsync<ClusterVerdict>(
            nameof(ClusterCompensation),
            new ClusterCompensationInput(input.Run, input.Cluster, input.Timing, Number: 1, run.Calls.IsUnanswered, failure.Reason),
            new ChildWorkflowTaskOptions(Ids.Compensation(context.InstanceId, 1)));
    }
}

/// <summary>Which cluster to install on.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="Cluster">The cluster.</param>
/// <param name="Timing">The rollout's intervals.</param>
internal sealed record ClusterInstallInput(
    RolloutRun Run, [property: JsonConverter(typeof(ClusterText))] ClusterRef Cluster, Timing Timing);
