using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.GoogleCloud.Failures;
using MeshWorkflow.GoogleCloud.Hub;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Clusters;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.ControlPlane.FleetMembership;

/// <summary>The calls on memberships. Writes start operations; their names are what Verify looks at.</summary>
internal sealed class Memberships(HubApi hub, ScopeReads reads)
{
    /// <summary>All memberships of a fleet, as they were a short while ago: a thousand clusters do not read a thousand of them each.</summary>
    public Task<MembershipList> ListAsync(string fleet, CancellationToken cancellationToken) =>
        reads.GetAsync(KeyOf(fleet), token => hub.ListMembershipsAsync(fleet, token), cancellationToken);

    /// <summary>
    /// A cluster's membership as it is now, or the name that it would get. The list says which; only that one is read. Where the two
    /// don't agree the list is out of date, and is read anew.
    /// </summary>
    public async Task<ClusterMembership> OfAsync(string fleet, ClusterTarget cluster, CancellationToken cancellationToken)
    {
        var listed = await ListAsync(fleet, cancellationToken);
        var seen = await SeenAsync(fleet, cluster, listed, cancellationToken);
        if (seen.IsAsListed)
        {
            return seen;
        }

        reads.Forget(KeyOf(fleet));
        return await SeenAsync(fleet, cluster, await ListAsync(fleet, cancellationToken), cancellationToken);
    }

    public async Task<Membership?> FindAsync(MembershipName name, CancellationToken cancellationToken)
    {
        try
        {
            return await hub.GetMembershipAsync(name, cancellationToken);
        }
        catch (GoogleCallException exception) when (exception.Status == "NOT_FOUND")
        {
            return null;
        }
    }

    public async Task<Outcome> CreateAsync(
        MembershipName name, Membership membership, CallFacts call, CancellationToken cancellationToken)
    {
        try
        {
            var operation = await hub.CreateMembershipAsync(
                name, membership, call.RequestId("memberships.create", name.ResourceName), cancellationToken);
            return Outcomes.Pending(operation.Name);
        }
        catch (GoogleCallException exception) when (exception.Status == "ALREADY_EXISTS")
        {
            // Somebody took the name since we looked: a new plan sees who.
            return Outcomes.Conflict(name.ResourceName, exception.Message);
        }
    }

    /// <summary>Sets the authority; none: named in the mask and absent from the body, it is cleared.</summary>
    public Task<Outcome> SetAuthorityAsync(
        MembershipName name, Membership.MembershipAuthority? authority, CallFacts call, CancellationToken cancellationToken) =>
        PatchAsync(name, new Membership { Authority = authority }, "authority", call, cancellationToken);

    /// <summary>Sets the labels: the complete map.</summary>
    public Task<Outcome> SetLabelsAsync(
        MembershipName name, Dictionary<string, string> labels, CallFacts call, CancellationToken cancellationToken) =>
        PatchAsync(name, new Membership { Labels = labels.Count > 0 ? labels : null }, "labels", call, cancellationToken);

    public async Task<Outcome> DeleteAsync(MembershipName name, CallFacts call, CancellationToken cancellationToken)
    {
        try
        {
            var operation = await hub.DeleteMembershipAsync(
                name, call.RequestId("memberships.delete", name.ResourceName), cancellationToken);
            return Outcomes.Pending(operation.Name);
        }
        catch (GoogleCallException exception) when (exception.Status == "NOT_FOUND")
        {
            return Outcomes.Done();
        }
    }

    /// <summary>Looks at operations: the outcome of one that failed, or null: all have ended well.</summary>
    /// <exception cref="WaitException">One is still running.</exception>
    public async Task<Outcome?> FailureAsync(IEnumerable<string> operations, string resource, CancellationToken cancellationToken)
    {
        foreach (var name in operations)
        {
            var operation = await FindOperationAsync(name, cancellationToken);
            if (operation is { Done: false })
            {
                throw new WaitException("the fleet's operation is running");
            }

            if (operation?.Error is { } error)
            {
                return Operations.Failed(resource, error);
            }
        }

        return null;
    }

    private async Task<Outcome> PatchAsync(
        MembershipName name, Membership body, string mask, CallFacts call, CancellationToken cancellationToken)
    {
        var operation = await hub.PatchMembershipAsync(
            name, body, mask, call.RequestId($"memberships.patch {mask}", name.ResourceName), cancellationToken);
        return Outcomes.Pending(operation.Name);
    }

    private static MembershipName FreeName(string fleet, ClusterTarget cluster, MembershipList list) => cluster switch
    {
        { IsElsewhere: true } => cluster.Membership with { Fleet = fleet },
        { Access.Membership: { Length: > 0 } wanted } => new MembershipName(fleet, cluster.Name.Region, wanted),
        _ => new MembershipName(fleet, cluster.Name.Region, MembershipIds.Choose(cluster.Name, list.Resources ?? [])),
    };

    private static string KeyOf(string fleet) => $"memberships/{fleet}";

    private async Task<ClusterMembership> SeenAsync(
        string fleet, ClusterTarget cluster, MembershipList list, CancellationToken cancellationToken)
    {
        var listed = list.Resources?.FirstOrDefault(membership => IsOf(membership, cluster));
        var name = MembershipName.Parse(listed?.Name ?? "") is { } existing
            ? existing with { Fleet = fleet }
            : FreeName(fleet, cluster, list);
        var live = await FindAsync(name, cancellationToken);
        var isAsListed = listed is null ? live is null : live is not null && IsOf(live, cluster);
        return new ClusterMembership(name, isAsListed ? live : listed, list.Unreachable ?? [], isAsListed);
    }

    private static bool IsOf(Membership membership, ClusterTarget cluster) => cluster.IsElsewhere
        ? MembershipName.Parse(membership.Name ?? "") is { } name && name with { Fleet = cluster.Membership.Fleet } == cluster.Membership
        : membership.Endpoint?.GkeCluster?.ResourceLink == cluster.Name.ResourceName;

    // Operations are kept for days, not for ever; of a forgotten one the resource itself tells.
    private async Task<HubOperation?> FindOperationAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await hub.GetOperationAsync(name, cancellationToken);
        }
        catch (GoogleCallException exception) when (exception.Status == "NOT_FOUND")
        {
            return null;
        }
    }
}

/// <summary>A cluster's membership.</summary>
/// <param name="Name">Its name, or the one that it would get.</param>
/// <param name="Found">The membership, or null: the fleet lists none.</param>
/// <param name="Unreachable">Locations that could not be asked: there, unknown is not absent.</param>
/// <param name="IsAsListed">Whether the list and the membership itself say the same.</param>
internal sealed record ClusterMembership(MembershipName Name, Membership? Found, IReadOnlyList<string> Unreachable, bool IsAsListed);
