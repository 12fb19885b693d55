using Dapr.Workflow;
using MeshWorkflow.Ledger;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.Workflows.Scopes;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Clusters;

/// <summary>
/// Makes a cluster the rollout's own: sees that nobody else has it, raises its epoch, so that whatever an earlier run may still
/// have under way writes nothing any more, and takes its Lease. Delivered again, it finds all that done.
/// </summary>
internal sealed class BeginCluster(StepClients clients, Documents documents, StepRecords records, Epochs epochs, OrchestratorIdentity identity)
    : WorkflowActivity<ScopeClaim, Begun>
{
    public override async Task<Begun> RunAsync(WorkflowActivityContext context, ScopeClaim input)
    {
        using var limit = records.Limit();
        var ownership = clients.Ownership();
        var request = await records.RequestAsync(input.Run, limit.Token);
        var holder = await identity.HolderAsync(input.Run, limit.Token);
        var free = await ownership.CheckAsync(input.ToOwnership(request, holder, epoch: 0), records.Options(limit.Token));
        if (free.OutcomeCase is not Outcome.OutcomeOneofCase.Done)
        {
            return new Begun(0, await records.WithWishAsync(input.Run, StepOutcomes.Of(free), limit.Token));
        }

        var epoch = await epochs.RaiseAsync(input.Scope.ToString(), input.Instance, limit.Token);
        var taken = await ownership.TakeAsync(input.ToOwnership(request, holder, epoch), records.Options(limit.Token));
        return new Begun(
            epoch,
            StepOutcomes.Of(taken),
            [.. StepCatalog.Wanted(request, input.Scope).Select(step => step.Name.ToString())],
            Late: await LateAsync(request, input, limit.Token));
    }

    // What signs is for the workloads of a fleet, whom Google does not know before the fleet has a member.
    private async Task<IReadOnlyList<string>?> LateAsync(FleetInstallRequest request, ScopeClaim claim, CancellationToken cancellationToken)
    {
        var late = new List<string>();
        foreach (var scope in Certificates.ScopesOf(request, claim.Scope.Cluster))
        {
            if (await documents.ScopeAsync(claim.Run, scope, cancellationToken) is { State: ClusterState.Pending or ClusterState.Running or ClusterState.Failed })
            {
                late.Add(scope.ToString());
            }
        }

        return late.Count == 0 ? null : late;
    }
}

/// <summary>
/// Lets a cluster go, and raises its epoch once more: a call that is delivered after this finds nothing to hold on to. Delivered
/// again, it finds all that done.
/// </summary>
internal sealed class EndCluster(StepClients clients, StepRecords records, Epochs epochs, OrchestratorIdentity identity)
    : WorkflowActivity<ScopeClaim, StepResult>
{
    public override async Task<StepResult> RunAsync(WorkflowActivityContext context, ScopeClaim input)
    {
        using var limit = records.Limit();
        var request = await records.RequestAsync(input.Run, limit.Token);
        var holder = await identity.HolderAsync(input.Run, limit.Token);
        var released = await clients.Ownership().ReleaseAsync(input.ToOwnership(request, holder, input.Epoch), records.Options(limit.Token));
        if (released.OutcomeCase is Outcome.OutcomeOneofCase.Done)
        {
            await epochs.RaiseAsync(input.Scope.ToString(), $"{input.Instance}-end", limit.Token);
        }

        return StepOutcomes.Of(released);
    }
}

/// <summary>Asks who owns a cluster.</summary>
internal static class OwnershipRequests
{
    private const string Step = "ownership";

    public static OwnershipRequest ToOwnership(this ScopeClaim claim, FleetInstallRequest request, string holder, long epoch) => new()
    {
        Call = new StepAttempt(claim.Run, claim.Scope, ControlPlane.AppId, Step, Attempt: 1, epoch, Number: 0).ToCall(request),
        Cluster = request.TargetOf(claim.Scope),
        Holder = holder,
    };
}
