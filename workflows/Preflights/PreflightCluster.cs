using Dapr.Workflow;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Workflows.Clusters;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Rollouts;
using MeshWorkflow.Workflows.Scopes;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Preflights;

/// <summary>Finds the clusters of one batch of preflight.</summary>
internal sealed class LoadPreflight(StepRecords records) : WorkflowActivity<PreflightQuery, PreflightClusters>
{
    public override async Task<PreflightClusters> RunAsync(WorkflowActivityContext context, PreflightQuery input)
    {
        using var limit = records.Limit();
        var request = await records.RequestAsync(input.Run, limit.Token);
        return new PreflightClusters([.. request.Clusters.Batch(input.Batch).Select(cluster => cluster.ToString())]);
    }
}

/// <summary>Looks whether a cluster can get the mesh, and records what it saw. Writes nothing outside.</summary>
internal sealed class PreflightCluster(
    StepClients clients, AuthorityChecks authorities, OrchestratorIdentity identity, ScopeRecorder recorder, StepRecords records)
    : WorkflowActivity<PreflightInput, StepResult>
{
    private const string Unreachable = "UNREACHABLE";

    public override async Task<StepResult> RunAsync(WorkflowActivityContext context, PreflightInput input)
    {
        using var limit = records.Limit();
        var (result, seen) = await LookAsync(input, limit.Token);
        if (result.Kind is StepResultKind.Wait && input.IsLast)
        {
            result = new StepResult(StepResultKind.Refused, Reason: Unreachable, Message: result.Message);
        }

        if (result.Kind is not StepResultKind.Wait)
        {
            var state = result.Kind is StepResultKind.Done ? ClusterState.Pending : ClusterState.Skipped;
            await recorder.SeenAsync(
                new ScopeRecord(input.Run, input.Cluster, Math.Min(input.Tries + 1, ScopeRecord.FirstOfInstall - 2), state, result.Reason, result.Message),
                new SeenCluster(
                    new Dictionary<string, string>(seen?.Cluster?.Labels ?? []), PreflightChecks.NoticesOf(seen), PreflightChecks.NetworkOf(seen)),
                limit.Token);
        }

        return result.Kind is StepResultKind.Wait ? await records.WithWishAsync(input.Run, result, limit.Token) : result;
    }

    private async Task<(StepResult Result, Preflighted? Seen)> LookAsync(PreflightInput input, CancellationToken cancellationToken)
    {
        var request = await records.RequestAsync(input.Run, cancellationToken);
        var reply = await clients.Preflight().CheckAsync(
            PreflightChecks.RequestOf(request, input.Run, input.Cluster), records.Options(cancellationToken));
        var result = PreflightChecks.ResultOf(reply);
        if (result.Kind is StepResultKind.Refused && PreflightChecks.IsPassing(reply) && !input.IsLast)
        {
            return (result with { Kind = StepResultKind.Wait, Reason = null }, reply.Checked);
        }

        if (result.Kind is not StepResultKind.Done)
        {
            return (result, reply.Checked);
        }

        if (await authorities.LookAsync(request, input.Run, input.Cluster, cancellationToken) is { Kind: not StepResultKind.Done } unfit)
        {
            return (unfit, reply.Checked);
        }

        // Not before roles are granted or APIs enabled: its owner is seen when it is taken.
        if (!PreflightChecks.IsReachable(reply))
        {
            return (result, reply.Checked);
        }

        var holder = await identity.HolderAsync(input.Run, cancellationToken);
        var claim = new ScopeClaim(input.Run, input.Cluster, Instance: "");
        var free = await clients.Ownership().CheckAsync(claim.ToOwnership(request, holder, epoch: 0), records.Options(cancellationToken));
        return (StepOutcomes.Of(free), reply.Checked);
    }
}

/// <summary>Which batch of preflight.</summary>
internal sealed record PreflightQuery(RolloutRun Run, int Batch);

/// <summary>The clusters of a batch, each as <c>P/L/C</c>.</summary>
internal sealed record PreflightClusters(IReadOnlyList<string> Clusters);

/// <summary>Which cluster to look at.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="Cluster">The cluster.</param>
/// <param name="Tries">How often it was looked at before.</param>
/// <param name="IsLast">Whether it is refused if it does not answer this time.</param>
internal sealed record PreflightInput(RolloutRun Run, StepScope Cluster, int Tries, bool IsLast);
