using MeshWorkflow.GoogleCloud.Iam;
using MeshWorkflow.GoogleCloud.ResourceManager;
using MeshWorkflow.Iam.Policies;
using MeshWorkflow.Iam.Principals;
using MeshWorkflow.Protos.Iam.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Changes;
using MeshWorkflow.Steps.Failures;
using MeshWorkflow.Steps.Policies;

namespace MeshWorkflow.Iam.Roles;

/// <summary>
/// The roles that a rollout works with, on one project. A role whose permissions the service has already, as an owner or by a
/// folder, is not granted once more. What is granted is in effect when the step has ended.
/// </summary>
internal sealed class RolesStep(ResourceManagerApi projects, ProjectPolicies policies, OwnPrincipal principal) : Step<RolesSpec>
{
    public override string Name => Ahead.Roles;

    protected override async Task<Plan> PlanAsync(RolesSpec spec, PlanFacts facts, CancellationToken cancellationToken)
    {
        var (member, isOwn) = await principal.MemberAsync(spec.Member, cancellationToken);
        var held = await projects.TestPermissionsAsync(
            spec.Project, [.. spec.Roles.SelectMany(RolePermissions.Of), .. RolePermissions.OfPolicies], cancellationToken);
        var needed = spec.Roles.Where(role => !isOwn || !IsCovered(role, held)).Select(role => new Grant(role, member)).ToList();
        if (needed.Count == 0)
        {
            return policies.Of(spec.Project).PlanFor([], spec.Roles.Select(role => new Grant(role, member)));
        }

        RefuseUnreadable(spec, needed, held);
        var policy = await policies.Of(spec.Project).ReadAsync(cancellationToken);
        var missing = needed.Where(grant => !policy.Has(grant)).ToList();
        RefuseMissing(spec, missing, held);
        var plan = policies.Of(spec.Project).PlanFor(missing, spec.Roles.Select(role => new Grant(role, member)).Except(missing));
        return isOwn && needed.Except(missing).ToList() is { Count: > 0 } idle
            ? plan.With("ROLES_NOT_IN_EFFECT", $"{member} has {Names(idle)} on {spec.Project}, but not yet what they allow.")
            : plan;
    }

    protected override Task<Outcome> ApplyAsync(RolesSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken) =>
        policies.Of(spec.Project).ApplyAsync(plan, facts, cancellationToken);

    protected override async Task<Outcome> VerifyAsync(RolesSpec spec, Plan plan, VerifyFacts facts, CancellationToken cancellationToken)
    {
        var outcome = await policies.Of(spec.Project).VerifyAsync(plan, facts.Side, cancellationToken);
        if (facts.Side is Side.After && outcome.OutcomeCase is Outcome.OutcomeOneofCase.Done)
        {
            await AwaitEffectAsync(spec, plan, cancellationToken);
        }

        return outcome;
    }

    protected override Task<Outcome> RevertAsync(RolesSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken) =>
        policies.Of(spec.Project).RevertAsync(plan, facts, cancellationToken);

    private static bool IsCovered(string role, IReadOnlySet<string> held) =>
        RolePermissions.Of(role) is { Count: > 0 } permissions && permissions.All(held.Contains);

    /// <exception cref="WaitException">A policy changes at once, and what it allows minutes later.</exception>
    private async Task AwaitEffectAsync(RolesSpec spec, Plan plan, CancellationToken cancellationToken)
    {
        var (_, isOwn) = await principal.MemberAsync(spec.Member, cancellationToken);
        if (!isOwn)
        {
            return;
        }

        var wanted = plan.Changes.SelectMany(change => change.Fields)
            .SelectMany(field => RolePermissions.Of(GrantFields.GrantOf(field).Role))
            .Concat(spec.Permissions)
            .ToHashSet(StringComparer.Ordinal);
        var held = await projects.TestPermissionsAsync(spec.Project, wanted, cancellationToken);
        if (wanted.Except(held).ToList() is { Count: > 0 } missing)
        {
            throw new WaitException($"roles on {spec.Project} are granted and not in effect yet: {string.Join(", ", missing)}");
        }
    }

    /// <exception cref="MeshException">The policy can't be read, so that nothing can be told: <c>ROLES_MISSING</c>.</exception>
    private static void RefuseUnreadable(RolesSpec spec, IReadOnlyList<Grant> needed, IReadOnlySet<string> held)
    {
        if (!held.Contains(RolePermissions.OfPolicies[0]))
        {
            throw new MeshException(
                "ROLES_MISSING",
                $"{needed[0].Member} lacks what these roles on {spec.Project} allow: {Names(needed)}. The service may not read the project's policy either.",
                $"Have an administrator of {spec.Project} grant them, and roles/resourcemanager.projectIamAdmin, then try again.");
        }
    }

    /// <exception cref="MeshException">Roles are missing and are not to be, or can't be, granted: <c>ROLES_MISSING</c>.</exception>
    private static void RefuseMissing(RolesSpec spec, IReadOnlyList<Grant> missing, IReadOnlySet<string> held)
    {
        if (missing.Count == 0)
        {
            return;
        }

        var message = $"{missing[0].Member} lacks these roles on {spec.Project}: {Names(missing)}.";
        if (spec.CheckOnly)
        {
            throw new MeshException("ROLES_MISSING", message, "Grant them, or let the rollout do it: --enable_gcp_iam_roles (or --enable_all).");
        }

        if (!held.Contains(RolePermissions.OfPolicies[1]))
        {
            throw new MeshException(
                "ROLES_MISSING",
                $"{message} The service may not grant them: it lacks {RolePermissions.OfPolicies[1]}.",
                $"Have an administrator of {spec.Project} grant them, or roles/resourcemanager.projectIamAdmin, then try again.");
        }
    }

    private static string Names(IEnumerable<Grant> grants) => string.Join(", ", grants.Select(grant => grant.Role));
}
