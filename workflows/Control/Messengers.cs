using Dapr.Workflow;
using Grpc.Core;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Rollouts;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Control;

/// <summary>
/// Tells those who wait that the wishes of a rollout have changed. Their ids are derived, so nobody has to sign on; one who is missed
/// sees the wish at the next look.
/// </summary>
internal sealed class Messengers(Documents documents, DaprWorkflowClient workflows)
{
    private const int AtOnce = 16;

    public async Task TellAsync(RolloutRun run, int version, CancellationToken cancellationToken)
    {
        var request = await documents.RequestAsync(run, cancellationToken);
        var stages = Enumerable.Range(0, request.Rollout.Stages.Count).Select(stage => Ids.Stage(run, stage)).ToList();
        foreach (var gate in stages.SelectMany(stage => (string[])[Ids.Soak(stage), Ids.Gate(stage)]))
        {
            await TellAsync(gate, version, cancellationToken);
        }

        var batches = stages.SelectMany(stage => Enumerable.Range(0, Batches.Of(request.Clusters.Count)).Select(batch => Ids.Batch(stage, batch)));
        foreach (var parent in batches.Prepend(run.ToString()))
        {
            await TellWaitsAsync(parent, version, cancellationToken);
        }

        var scopes = StepCatalog.ScopesOf(request).Concat(request.Clusters.Select(StepScope.Of));
        foreach (var some in scopes.Chunk(AtOnce))
        {
            await Task.WhenAll(some.Select(scope => TellScopeAsync(run, scope, version, cancellationToken)));
        }
    }

    private async Task TellScopeAsync(RolloutRun run, StepScope scope, int version, CancellationToken cancellationToken)
    {
        if (await documents.ScopeAsync(run, scope, cancellationToken) is { State: ClusterState.Running })
        {
            await TellWaitsAsync(Ids.Install(run, scope), version, cancellationToken);
        }
    }

    // A workflow's long waits are numbered; the last one that there is may be under way.
    private async Task TellWaitsAsync(string parent, int version, CancellationToken cancellationToken)
    {
        for (var number = 1; await TellAsync(Ids.Wait(parent, number), version, cancellationToken); number++)
        {
        }
    }

    /// <returns>Whether there is, or was, such a workflow.</returns>
    private async Task<bool> TellAsync(string waiting, int version, CancellationToken cancellationToken)
    {
        try
        {
            var state = await workflows.GetWorkflowStateAsync(waiting, getInputsAndOutputs: false, cancellationToken);
            if (state is { Exists: true, IsWorkflowRunning: true })
            {
                await workflows.RaiseEventAsync(waiting, Controls.EventOf(version), version, cancellationToken);
            }

            return state.Exists;
        }
        catch (RpcException)
        {
            // It sees the wish at its next look.
            return false;
        }
    }
}
