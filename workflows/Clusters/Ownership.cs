using System.Text.Json.Serialization;
using Dapr.Workflow;
using MeshWorkflow.Ledger;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Clusters;

/// <summary>
/// Makes a cluster the rollout's own: sees that nobody else has it, raises its epoch, so that whatever an earlier run may still
/// have under way writes nothing any more, and takes its Lease. Delivered again, it finds all that done.
/// </summary>
internal sealed class BeginCluster(StepClients clients, StepRecords records, Epochs epochs, OrchestratorIdentity identity)
    : WorkflowActivity<ClusterClaim, Begun>
{
    public override async Task<Begun> RunAsync(WorkflowActivityContext context, ClusterClaim input)
    {
        using var limit = records.Limit();
        var ownership = clients.Ownership();
        var holder = await identity.HolderAsync(input.Run, limit.Token);
        var free = await ownership.CheckAsync(input.ToRequest(holder, epoch: 0), records.Options(limit.Token));
        if (free.OutcomeCase is not Outcome.OutcomeOneofCase.Done)
        {
            return new Begun(0, StepOutcomes.Of(free));
        }

        var epoch = await epochs.RaiseAsync(Ids.Scope(input.Cluster), input.Instance, limit.Token);
        var taken = await ownership.TakeAsync(input.ToRequest(holder, epoch), records.Options(limit.Token));
        return new Begun(epoch, StepOutcomes.Of(taken));
    }
}

/// <summary>
/// Lets a cluster go, and raises its epoch once more: a call that is delivered after this finds nothing to hold on to. Delivered
/// again, it finds all that done.
/// </summary>
internal sealed class EndCluster(StepClients clients, StepRecords records, Epochs epochs, OrchestratorIdentity identity)
    : WorkflowActivity<ClusterClaim, StepResult>
{
    public override async Task<StepResult> RunAsync(WorkflowActivityContext context, ClusterClaim input)
    {
        using var limit = records.Limit();
        var holder = await identity.HolderAsync(input.Run, limit.Token);
        var released = await clients.Ownership().ReleaseAsync(input.ToRequest(holder, input.Epoch), records.Options(limit.Token));
        if (released.OutcomeCase is Outcome.OutcomeOneofCase.Done)
        {
            await epochs.RaiseAsync(Ids.Scope(input.Cluster), $"{input.Instance}-end", limit.Token);
        }

        return StepOutcomes.Of(released);
    }
}

/// <summary>On whose behalf a cluster is taken.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="Cluster">The cluster.</param>
/// <param name="Instance">The workflow that takes it.</param>
/// <param name="Epoch">The epoch that it was taken with; 0 before.</param>
internal sealed record ClusterClaim(
    RolloutRun Run, [property: JsonConverter(typeof(ClusterText))] ClusterRef Cluster, string Instance, long Epoch = 0)
{
    private const string Step = "ownership";

    public OwnershipRequest ToRequest(string holder, long epoch) => new()
    {
        Call = new StepAttempt(Run, Cluster, ControlPlane.AppId, Step, Attempt: 1, epoch, Number: 0).ToCall(),
        Cluster = Cluster.ToProto(),
        Holder = holder,
    };
}

/// <summary>How taking a cluster went.</summary>
/// <param name="Epoch">The epoch that its writes belong to; 0: it was not raised.</param>
/// <param name="Result">How.</param>
internal sealed record Begun(long Epoch, StepResult Result);
