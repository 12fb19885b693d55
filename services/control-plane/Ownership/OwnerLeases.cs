using k8s;
using k8s.Models;
using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.KubernetesApi;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Changes;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.ControlPlane.Ownership;

/// <summary>The Lease by which one rollout owns a cluster. It is never timed out: a rollout may rest for days.</summary>
internal sealed class OwnerLeases(GkeClusters clusters, TimeProvider time)
{
    private const string LeaseName = "meshworkflow";
    private const string LeaseNamespace = "kube-system";

    /// <exception cref="MeshException">Somebody else has it: <c>CLUSTER_OWNED</c>.</exception>
    public async Task<Outcome> CheckAsync(OwnershipRequest request, CancellationToken cancellationToken)
    {
        var cluster = await clusters.ConnectAsync(request.Cluster, cancellationToken);
        RefuseForeign(request, await FindAsync(cluster, cancellationToken));
        return Outcomes.Done();
    }

    /// <exception cref="MeshException">Somebody else has it: <c>CLUSTER_OWNED</c>.</exception>
    public async Task<Outcome> TakeAsync(OwnershipRequest request, WriteGate gate, CancellationToken cancellationToken)
    {
        var cluster = await clusters.ConnectAsync(request.Cluster, cancellationToken);
        var found = await FindAsync(cluster, cancellationToken);
        RefuseForeign(request, found);
        if (found?.Spec?.HolderIdentity == request.Holder)
        {
            return Outcomes.Done();
        }

        await gate.EnterAsync(cancellationToken);
        if (found is null)
        {
            await cluster.CallAsync(client => client.CoordinationV1.CreateNamespacedLeaseAsync(
                Lease(request), LeaseNamespace, fieldManager: ClusterConnection.FieldManager, cancellationToken: cancellationToken));
        }
        else
        {
            // Its resourceVersion goes along: whoever took it meanwhile keeps it.
            found.Spec = Lease(request).Spec;
            await cluster.CallAsync(client => client.CoordinationV1.ReplaceNamespacedLeaseAsync(
                found, LeaseName, LeaseNamespace, fieldManager: ClusterConnection.FieldManager, cancellationToken: cancellationToken));
        }

        return Outcomes.Done();
    }

    public Task<Outcome> ReleaseAsync(OwnershipRequest request, WriteGate gate, CancellationToken cancellationToken) =>
        DeleteAsync(request, gate, found => found.Spec?.HolderIdentity == request.Holder, cancellationToken);

    public Task<Outcome> UnlockAsync(OwnershipRequest request, WriteGate gate, CancellationToken cancellationToken) =>
        DeleteAsync(request, gate, _ => true, cancellationToken);

    private async Task<Outcome> DeleteAsync(
        OwnershipRequest request, WriteGate gate, Func<V1Lease, bool> isMeant, CancellationToken cancellationToken)
    {
        var cluster = await clusters.ConnectAsync(request.Cluster, cancellationToken);
        var found = await FindAsync(cluster, cancellationToken);
        if (found is null || !isMeant(found))
        {
            return Outcomes.Done();
        }

        await gate.EnterAsync(cancellationToken);
        await cluster.FindAsync(client => client.CoordinationV1.DeleteNamespacedLeaseAsync(
            LeaseName,
            LeaseNamespace,
            new V1DeleteOptions
            {
                Preconditions = new V1Preconditions { Uid = found.Uid(), ResourceVersion = found.ResourceVersion() },
            },
            cancellationToken: cancellationToken));
        return Outcomes.Done();
    }

    private static void RefuseForeign(OwnershipRequest request, V1Lease? found)
    {
        if (found?.Spec?.HolderIdentity is { Length: > 0 } holder && holder != request.Holder)
        {
            throw new MeshException(
                "CLUSTER_OWNED",
                $"{request.Cluster.ToName()} is owned by {holder} since {found.Spec.AcquireTime:u}.",
                "Let that rollout end, or roll it back where it was started; if nobody is at work there any more: meshwf unlock.");
        }
    }

    private static Task<V1Lease?> FindAsync(ClusterConnection cluster, CancellationToken cancellationToken) => cluster.FindAsync(
        client => client.CoordinationV1.ReadNamespacedLeaseAsync(LeaseName, LeaseNamespace, cancellationToken: cancellationToken));

    private V1Lease Lease(OwnershipRequest request) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = LeaseName,
            NamespaceProperty = LeaseNamespace,
            Labels = new Dictionary<string, string> { [Marks.ManagedByLabel] = Marks.Owner },
        },
        Spec = new V1LeaseSpec { HolderIdentity = request.Holder, AcquireTime = time.GetUtcNow().UtcDateTime },
    };
}
