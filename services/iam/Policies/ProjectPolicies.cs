using MeshWorkflow.GoogleCloud.Failures;
using MeshWorkflow.GoogleCloud.Iam;
using MeshWorkflow.GoogleCloud.ResourceManager;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Changes;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Iam.Policies;

/// <summary>
/// Grants on projects: all of a plan in one write of the project's policy, with the etag that was read. Only the plan's own grants
/// are added or taken away; conditions and what others have are never touched.
/// </summary>
internal sealed class ProjectPolicies(ResourceManagerApi projects)
{
    public Task<Policy> ReadAsync(string project, CancellationToken cancellationToken) =>
        projects.GetPolicyAsync(project, cancellationToken);

    /// <summary>The plan that adds what a policy lacks, and relies on the rest.</summary>
    public static Plan PlanFor(string project, IReadOnlyCollection<Grant> missing, IEnumerable<Grant> relied)
    {
        var resource = GrantFields.Resource(project);
        var plan = Plans.Of(resource, ChangeAction.Update, missing.Select(GrantFields.Adding));
        plan.ReliesOn.Add(relied.Select(grant => new Reliance { Resource = resource, Path = GrantFields.Path(grant) }));
        return plan;
    }

    public async Task<Outcome> ApplyAsync(string project, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        var policy = await ReadAsync(project, cancellationToken);
        var add = In(plan, policy, FieldState.Before);
        if (add.Count > 0)
        {
            await WriteAsync(project, policy.With(add, remove: []), facts, cancellationToken);
        }

        return Outcomes.Done();
    }

    public async Task<Outcome> VerifyAsync(string project, Plan plan, Side side, CancellationToken cancellationToken)
    {
        var policy = await ReadAsync(project, cancellationToken);
        var strays = In(plan, policy, side is Side.After ? FieldState.Before : FieldState.After);
        return strays.Count == 0
            ? Outcomes.Done()
            : Outcomes.Conflict(
                GrantFields.Resource(project),
                $"the policy of {project} {(side is Side.After ? "lacks" : "still has")} {string.Join(", ", strays.Select(grant => $"{grant.Role} of {grant.Member}"))}");
    }

    public async Task<Outcome> RevertAsync(string project, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        var policy = await ReadAsync(project, cancellationToken);
        var remove = In(plan, policy, FieldState.After);
        if (remove.Count > 0)
        {
            await WriteAsync(project, policy.With(add: [], remove), facts, cancellationToken);
        }

        return Outcomes.Done();
    }

    private static List<Grant> In(Plan plan, Policy policy, FieldState state) =>
        [.. plan.Changes.SelectMany(change => change.Fields).Where(field => field.StateIn(policy) == state).Select(GrantFields.GrantOf)];

    private async Task WriteAsync(string project, Policy policy, WriteFacts facts, CancellationToken cancellationToken)
    {
        await facts.Gate.EnterAsync(cancellationToken);
        try
        {
            await projects.SetPolicyAsync(project, policy, cancellationToken);
        }
        catch (GoogleCallException exception) when (exception.Status == "INVALID_ARGUMENT")
        {
            throw new MeshException(
                "POLICY_NOT_ACCEPTED",
                $"The policy of {project} was not accepted: {exception.Error.Message}",
                "A member must exist, and a role must be one that projects know. Check spec.identity.member.");
        }
    }
}
