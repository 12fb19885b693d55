using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.GoogleCloud.Hub;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Changes;
using MeshWorkflow.Steps.Clusters;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.ControlPlane.FleetMembership;

/// <summary>
/// The cluster's membership in the fleet, with fleet workload identity. A membership that is there already is used and stays;
/// a cluster of another fleet is refused.
/// </summary>
internal sealed class FleetMembershipStep(GkeClusters clusters, Memberships memberships, Projects projects)
    : Step<FleetMembershipSpec>
{
    public override string Name => "fleet-membership";

    protected override async Task<Plan> PlanAsync(FleetMembershipSpec spec, PlanFacts facts, CancellationToken cancellationToken)
    {
        var target = spec.Cluster.ToTarget();
        var known = await memberships.OfAsync(spec.FleetProject, target, cancellationToken);
        if (known.Found is null && known.Unreachable.Count > 0)
        {
            throw new WaitException($"the fleet's memberships in {string.Join(", ", known.Unreachable)} can't be read");
        }

        // GKE's issuer is known by the cluster's name; another cluster has to be asked.
        var issuer = target.IsElsewhere
            ? await TokenIssuer.OfAsync(target, await clusters.ConnectAsync(spec.Cluster, cancellationToken), cancellationToken)
            : new TokenIssuer(target.Name.Issuer, ExternalId: null, Keys: null);
        if (known.Found is { } found)
        {
            return PlanFor(known.Name, found, target, issuer, facts);
        }

        await RefuseOtherFleetAsync(spec, cancellationToken);
        if (spec.CheckOnly)
        {
            throw new MeshException(
                "CLUSTER_NOT_REGISTERED",
                $"{target} is not registered in the fleet of {spec.FleetProject}.",
                "Register it, or let the rollout do it: --enable_registration (or --enable_all).");
        }

        return Plans.Of(
            known.Name.ResourceName,
            ChangeAction.Create,
            [
                target.IsElsewhere
                    ? Plans.Field(MembershipFields.ExternalId, before: null, issuer.ExternalId ?? "")
                    : Plans.Field(MembershipFields.ResourceLink, before: null, target.Name.ResourceName),
                Plans.Field(MembershipFields.Issuer, before: null, issuer.Issuer),
                .. issuer.Keys is null ? Array.Empty<FieldChange>() : [Plans.Field(MembershipFields.Keys, before: null, issuer.Keys)],
                Plans.Field(MembershipFields.Rollout, before: null, facts.Call.Run),
            ]);
    }

    protected override async Task<Outcome> ApplyAsync(
        FleetMembershipSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        var change = plan.Changes[0];
        var name = MembershipFields.NameOf(change);
        var found = await memberships.FindAsync(name, cancellationToken);
        if (found is not null && MembershipFields.AreAll(change, found, FieldState.After))
        {
            // Delivered twice, the second finds the first one's work; it may still be under way.
            return Outcomes.Pending();
        }

        if (found is null != change.Action is ChangeAction.Create || (found is not null && !MembershipFields.AreAll(change, found, FieldState.Before)))
        {
            return Outcomes.Conflict(change.Resource, "the membership has changed since it was planned");
        }

        await facts.Gate.EnterAsync(cancellationToken);
        return await (found is null
            ? memberships.CreateAsync(name, MembershipFields.Wanted(change), facts.Call, cancellationToken)
            : memberships.SetAuthorityAsync(name, MembershipFields.AuthorityAfter(change), facts.Call, cancellationToken));
    }

    protected override async Task<Outcome> VerifyAsync(
        FleetMembershipSpec spec, Plan plan, VerifyFacts facts, CancellationToken cancellationToken)
    {
        var change = plan.Changes[0];
        if (await memberships.FailureAsync(facts.Handles, change.Resource, cancellationToken) is { } failure)
        {
            return failure;
        }

        var found = await memberships.FindAsync(MembershipFields.NameOf(change), cancellationToken);
        if (found is not null && !MembershipFields.IsReady(found))
        {
            throw new WaitException($"the membership is {found.State?.Code}");
        }

        var isOurs = found is not null && MembershipFields.AreAll(change, found, FieldState.After);
        return isOurs == facts.Side is Side.After
            ? Outcomes.Done()
            : Outcomes.Conflict(change.Resource, isOurs ? "the membership is still as planned" : "the membership is not as planned");
    }

    protected override async Task<Outcome> RevertAsync(
        FleetMembershipSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        var change = plan.Changes[0];
        var name = MembershipFields.NameOf(change);
        var found = await memberships.FindAsync(name, cancellationToken);
        if (found is null)
        {
            return Outcomes.Done();
        }

        if (change.Action is ChangeAction.Create && found.Labels?.GetValueOrDefault(Marks.MembershipLabel) != facts.Call.Run)
        {
            // Taken over, or gone and made anew: somebody else's now.
            return Outcomes.Done(MembershipFields.Foreign(change, found));
        }

        if (found.State?.Code is "DELETING")
        {
            return Outcomes.Pending();
        }

        if (!MembershipFields.IsReady(found))
        {
            throw new WaitException($"the membership is {found.State?.Code}");
        }

        var foreign = MembershipFields.Foreign(change, found);
        if (change.Action is ChangeAction.Create)
        {
            return foreign.Count > 0
                ? Outcomes.Done([.. foreign, Undoing.Standing(change.Resource, "the membership is of ours, but somebody has changed it since")])
                : await DeleteAsync(name, facts, cancellationToken);
        }

        if (MembershipFields.AreAll(change, found, FieldState.After))
        {
            await facts.Gate.EnterAsync(cancellationToken);
            return await memberships.SetAuthorityAsync(
                name, MembershipFields.AuthorityBefore(change), facts.Call, cancellationToken);
        }

        return Outcomes.Done(foreign);
    }

    private async Task<Outcome> DeleteAsync(MembershipName name, WriteFacts facts, CancellationToken cancellationToken)
    {
        await facts.Gate.EnterAsync(cancellationToken);
        return await memberships.DeleteAsync(name, facts.Call, cancellationToken);
    }

    private static Plan PlanFor(MembershipName name, Membership found, ClusterTarget target, TokenIssuer issuer, PlanFacts facts)
    {
        if (!MembershipFields.IsReady(found))
        {
            throw new WaitException($"the membership is {found.State?.Code}");
        }

        if (target.IsElsewhere && found.ExternalId is { Length: > 0 } other && other != issuer.ExternalId)
        {
            throw new MeshException(
                "MEMBERSHIP_TAKEN",
                $"The membership {name} is another cluster's.",
                "Give the cluster another name for its membership (spec.clusters[].membership), or unregister that one.");
        }

        var live = found.Authority?.Issuer;
        if (live is not null && live != issuer.Issuer)
        {
            throw new MeshException(
                "MEMBERSHIP_ISSUER_DIFFERS",
                $"The membership {name} of {target} trusts tokens of '{live}', not of the cluster.",
                "Unregister the cluster, or clear the membership's authority, then try again.");
        }

        if (live is not null)
        {
            return Plans.Nothing();
        }

        var before = Plans.Before(facts.Earlier, name.ResourceName, MembershipFields.Issuer, Values.Of(live));
        return Plans.Of(
            name.ResourceName,
            ChangeAction.Update,
            [
                new FieldChange { Path = MembershipFields.Issuer, Before = before, After = Values.Of(issuer.Issuer) },
                .. issuer.Keys is null ? Array.Empty<FieldChange>() : [Plans.Field(MembershipFields.Keys, before: null, issuer.Keys)],
            ]);
    }

    /// <exception cref="MeshException">The cluster is in another fleet.</exception>
    private async Task RefuseOtherFleetAsync(FleetMembershipSpec spec, CancellationToken cancellationToken)
    {
        if (spec.Cluster.IsElsewhere())
        {
            return;
        }

        var cluster = await clusters.GetAsync(spec.Cluster, cancellationToken);
        if (cluster.Fleet?.Membership is not { Length: > 0 } membership)
        {
            return;
        }

        var fleet = await projects.GetAsync(spec.FleetProject, cancellationToken);
        var project = MembershipName.Parse(membership)?.Fleet;
        if (project == fleet.ProjectId || project == fleet.ProjectNumber)
        {
            throw new WaitException($"the cluster says that it is {membership}, which its fleet does not list");
        }

        throw new MeshException(
            "CLUSTER_IN_OTHER_FLEET",
            $"{spec.Cluster.ToName()} is registered in another fleet: {membership}.",
            "All clusters of one mesh are in one fleet. Unregister the cluster there first, or use that fleet.");
    }
}
