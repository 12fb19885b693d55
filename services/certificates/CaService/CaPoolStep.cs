using MeshWorkflow.GoogleCloud.Failures;
using MeshWorkflow.GoogleCloud.PrivateCa;
using MeshWorkflow.Protos.Certificates.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Changes;
using MeshWorkflow.Steps.Failures;
using Newtonsoft.Json.Linq;

namespace MeshWorkflow.Certificates.CaService;

/// <summary>
/// A pool of CA Service that signs for the fleet's workloads. It is looked at as a whole; only its issuance policy is written, and
/// only where the request says so. The policy that was there is the before: an undo puts it back as a whole.
/// </summary>
internal sealed class CaPoolStep(PrivateCaApi api, CaPoolChecks checks) : Step<CaPoolSpec>
{
    private const string Path = "issuancePolicy";

    public override string Name => "ca-pool";

    protected override async Task<Plan> PlanAsync(CaPoolSpec spec, PlanFacts facts, CancellationToken cancellationToken)
    {
        var (pool, notices) = await checks.RunAsync(spec, cancellationToken);
        var plan = spec.EnablePolicy ? PolicyPlan(spec, pool.IssuancePolicy, facts) : Plans.Nothing();
        plan.Notices.Add(notices);
        return plan;
    }

    protected override async Task<Outcome> ApplyAsync(CaPoolSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        var (name, field) = (CaResourceName.Parse(spec.Pool), plan.Changes[0].Fields[0]);
        var live = (await api.GetPoolAsync(name, cancellationToken)).IssuancePolicy;
        if (IssuancePolicies.AreSame(live, IssuancePolicies.OfValue(field.After)))
        {
            // Delivered twice, the second finds the first one's work; it may still be under way.
            return Outcomes.Pending();
        }

        return IssuancePolicies.AreSame(live, IssuancePolicies.OfValue(field.Before))
            ? await WriteAsync(name, IssuancePolicies.OfValue(field.After), facts, cancellationToken)
            : Outcomes.Conflict(name.ResourceName, $"somebody has changed the issuance policy of {name} since it was planned");
    }

    protected override async Task<Outcome> VerifyAsync(CaPoolSpec spec, Plan plan, VerifyFacts facts, CancellationToken cancellationToken)
    {
        var (name, field) = (CaResourceName.Parse(spec.Pool), plan.Changes[0].Fields[0]);
        foreach (var handle in facts.Handles)
        {
            if (await FailureAsync(handle, name, cancellationToken) is { } failure)
            {
                return failure;
            }
        }

        JObject? live;
        try
        {
            live = (await api.GetPoolAsync(name, cancellationToken)).IssuancePolicy;
        }
        catch (GoogleCallException exception) when (exception.Status == "NOT_FOUND" && facts.Side is Side.Before)
        {
            return Outcomes.Done();
        }

        var isAfter = IssuancePolicies.AreSame(live, IssuancePolicies.OfValue(field.After));
        return isAfter == facts.Side is Side.After
            ? Outcomes.Done()
            : Outcomes.Conflict(name.ResourceName, $"the issuance policy of {name} is {(isAfter ? "still" : "not")} as planned");
    }

    protected override async Task<Outcome> RevertAsync(CaPoolSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        var (name, field) = (CaResourceName.Parse(spec.Pool), plan.Changes[0].Fields[0]);
        await RestAsync(name, cancellationToken);
        JObject? live;
        try
        {
            live = (await api.GetPoolAsync(name, cancellationToken)).IssuancePolicy;
        }
        catch (GoogleCallException exception) when (exception.Status == "NOT_FOUND")
        {
            // Somebody has taken the pool away, and the policy with it.
            return Outcomes.Done();
        }

        if (IssuancePolicies.AreSame(live, IssuancePolicies.OfValue(field.Before)))
        {
            return Outcomes.Done();
        }

        return IssuancePolicies.AreSame(live, IssuancePolicies.OfValue(field.After))
            ? await WriteAsync(name, IssuancePolicies.OfValue(field.Before), facts, cancellationToken)
            : Outcomes.Done([Undoing.Foreign(name.ResourceName, field, IssuancePolicies.ToValue(live))]);
    }

    // A write that is under way has its effect later: who reads the pool before, and finds nothing to put back, has looked too early.
    private async Task RestAsync(CaResourceName name, CancellationToken cancellationToken)
    {
        var pool = name.RelativeName[name.RelativeName.IndexOf("/locations/", StringComparison.Ordinal)..];
        if ((await api.ListOperationsAsync(name, cancellationToken)).Any(operation => !operation.Done && operation.Metadata?.Target.EndsWith(pool, StringComparison.Ordinal) is true))
        {
            throw new WaitException($"an operation on {name} is running");
        }
    }

    private static Plan PolicyPlan(CaPoolSpec spec, JObject? live, PlanFacts facts)
    {
        var name = CaResourceName.Parse(spec.Pool);
        var wanted = IssuancePolicies.ForFleet(spec.FleetProject);
        if (IssuancePolicies.AreSame(live, wanted))
        {
            return new Plan { ReliesOn = { new Reliance { Resource = name.ResourceName, Path = Path } } };
        }

        var before = Plans.Before(facts.Earlier, name.ResourceName, Path, IssuancePolicies.ToValue(live));
        var plan = Plans.Of(
            name.ResourceName, ChangeAction.Update, Plans.Field(Path, before, IssuancePolicies.ToValue(wanted)));
        return live is not null && IssuancePolicies.LostWith(live, wanted) is { Count: > 0 } lost
            ? plan.With("CA_POLICY_REPLACED", $"The issuance policy of {name} is replaced as a whole; of what it has now these go, until an undo: {string.Join(", ", lost)}.")
            : plan;
    }

    private async Task<Outcome> WriteAsync(CaResourceName name, JObject? policy, WriteFacts facts, CancellationToken cancellationToken)
    {
        await facts.Gate.EnterAsync(cancellationToken);
        var operation = await api.SetIssuancePolicyAsync(
            name, policy, facts.Call.RequestId("caPools.patch", name.ResourceName), cancellationToken);
        return operation.Error is { } error ? Operations.Failed(name.ResourceName, error) : Outcomes.Pending(operation.Name);
    }

    /// <exception cref="WaitException">The operation is still running.</exception>
    private async Task<Outcome?> FailureAsync(string handle, CaResourceName name, CancellationToken cancellationToken)
    {
        try
        {
            var operation = await api.GetOperationAsync(handle, cancellationToken);
            return operation switch
            {
                { Error: { } error } => Operations.Failed(name.ResourceName, error),
                { Done: false } => throw new WaitException($"the issuance policy of {name} is being written"),
                _ => null,
            };
        }
        catch (GoogleCallException exception) when (exception.Status == "NOT_FOUND")
        {
            // Operations are not kept for ever; of a forgotten one the pool itself tells.
            return null;
        }
    }
}
