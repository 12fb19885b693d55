using MeshWorkflow.GoogleCloud.Failures;
using MeshWorkflow.GoogleCloud.Iam;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Changes;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Steps.Policies;

/// <summary>
/// Grants on one resource: all of a plan in one write of its policy, with the etag that was read. Only the plan's own grants are
/// added or taken away; conditions and what others have are never touched.
/// </summary>
/// <param name="resource">The resource's full name.</param>
/// <param name="read">Reads its policy.</param>
/// <param name="write">Writes it.</param>
/// <param name="hint">What to do when Google does not accept a grant.</param>
public sealed class PolicyGrants(
    string resource,
    Func<CancellationToken, Task<Policy>> read,
    Func<Policy, CancellationToken, Task<Policy>> write,
    string hint)
{
    private string Name => resource.TrimStart('/').Split('/', 2)[^1];

    /// <summary>Reads the policy.</summary>
    /// <param name="cancellationToken">The call's deadline.</param>
    /// <returns>The policy.</returns>
    public Task<Policy> ReadAsync(CancellationToken cancellationToken) => read(cancellationToken);

    /// <summary>The plan that adds what the policy lacks, and relies on the rest.</summary>
    /// <param name="missing">What it lacks.</param>
    /// <param name="relied">What it has.</param>
    /// <returns>The plan.</returns>
    public Plan PlanFor(IReadOnlyCollection<Grant> missing, IEnumerable<Grant> relied)
    {
        var plan = Plans.Of(resource, ChangeAction.Update, missing.Select(GrantFields.Adding));
        plan.ReliesOn.Add(relied.Select(grant => new Reliance { Resource = resource, Path = GrantFields.Path(grant) }));
        return plan;
    }

    /// <summary>Adds the plan's grants that are not there.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="facts">Who asks, and the gate before every write.</param>
    /// <param name="cancellationToken">The call's deadline.</param>
    /// <returns>The outcome.</returns>
    public async Task<Outcome> ApplyAsync(Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        var policy = await read(cancellationToken);
        var add = In(plan, policy, FieldState.Before);
        if (add.Count > 0)
        {
            await WriteAsync(policy.With(add, remove: []), facts, cancellationToken);
        }

        return Outcomes.Done();
    }

    /// <summary>Looks whether the plan's grants are there, or gone.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="side">Which of both is wanted.</param>
    /// <param name="cancellationToken">The call's deadline.</param>
    /// <returns>The outcome.</returns>
    public async Task<Outcome> VerifyAsync(Plan plan, Side side, CancellationToken cancellationToken)
    {
        var policy = await read(cancellationToken);
        var strays = In(plan, policy, side is Side.After ? FieldState.Before : FieldState.After);
        return strays.Count == 0
            ? Outcomes.Done()
            : Outcomes.Conflict(
                resource,
                $"the policy of {Name} {(side is Side.After ? "lacks" : "still has")} {string.Join(", ", strays.Select(grant => $"{grant.Role} of {grant.Member}"))}");
    }

    /// <summary>Takes the plan's grants away that are there.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="facts">Who asks, and the gate before every write.</param>
    /// <param name="cancellationToken">The call's deadline.</param>
    /// <returns>The outcome.</returns>
    public async Task<Outcome> RevertAsync(Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        var policy = await read(cancellationToken);
        var remove = In(plan, policy, FieldState.After);
        if (remove.Count > 0)
        {
            await WriteAsync(policy.With(add: [], remove), facts, cancellationToken);
        }

        return Outcomes.Done();
    }

    private static List<Grant> In(Plan plan, Policy policy, FieldState state) =>
        [.. plan.Changes.SelectMany(change => change.Fields).Where(field => field.StateIn(policy) == state).Select(GrantFields.GrantOf)];

    private async Task WriteAsync(Policy policy, WriteFacts facts, CancellationToken cancellationToken)
    {
        await facts.Gate.EnterAsync(cancellationToken);
        try
        {
            await write(policy, cancellationToken);
        }
        catch (GoogleCallException exception) when (exception.Status == "INVALID_ARGUMENT")
        {
            throw new MeshException("POLICY_NOT_ACCEPTED", $"The policy of {Name} was not accepted: {exception.Error.Message}", hint);
        }
    }
}
