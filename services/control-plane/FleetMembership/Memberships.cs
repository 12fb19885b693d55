using MeshWorkflow.GoogleCloud.Failures;
using MeshWorkflow.GoogleCloud.Hub;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.ControlPlane.FleetMembership;

/// <summary>The calls on memberships. Writes start operations; their names are what Verify looks at.</summary>
internal sealed class Memberships(HubApi hub)
{
    public Task<MembershipList> ListAsync(string fleet, CancellationToken cancellationToken) =>
        hub.ListMembershipsAsync(fleet, cancellationToken);

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

    public async Task<Outcome> SetAuthorityAsync(
        MembershipName name, string? issuer, CallFacts call, CancellationToken cancellationToken)
    {
        // Named in the mask and absent from the body, the authority is cleared.
        var body = new Membership { Authority = issuer is null ? null : new Membership.MembershipAuthority { Issuer = issuer } };
        var operation = await hub.PatchMembershipAsync(
            name, body, "authority", call.RequestId("memberships.patch", name.ResourceName), cancellationToken);
        return Outcomes.Pending(operation.Name);
    }

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
