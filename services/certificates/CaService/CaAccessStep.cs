using MeshWorkflow.GoogleCloud.Failures;
using MeshWorkflow.GoogleCloud.Iam;
using MeshWorkflow.GoogleCloud.PrivateCa;
using MeshWorkflow.Protos.Certificates.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Failures;
using MeshWorkflow.Steps.Policies;

namespace MeshWorkflow.Certificates.CaService;

/// <summary>
/// What the fleet's workloads may do with a pool or a template. All clusters of a fleet share one identity, so the grants stand until
/// the last rollout that relies on them has left.
/// </summary>
internal sealed class CaAccessStep(PrivateCaApi api) : Step<CaAccessSpec>
{
    private const string UnknownPool = "identity pool does not exist";
    private static readonly string[] OfPools = ["roles/privateca.workloadCertificateRequester", "roles/privateca.auditor"];
    private static readonly string[] OfTemplates = ["roles/privateca.templateUser"];

    public override string Name => "ca-access";

    protected override async Task<Plan> PlanAsync(CaAccessSpec spec, PlanFacts facts, CancellationToken cancellationToken)
    {
        var grants = GrantsOf(spec);
        var policy = await grants.ReadAsync(cancellationToken);
        var member = $"group:{spec.FleetProject}.svc.id.goog:/allAuthenticatedUsers/";
        var needed = (CaResourceName.Parse(spec.Resource).IsPool ? OfPools : OfTemplates).Select(role => new Grant(role, member)).ToList();
        var missing = needed.Where(grant => !policy.Has(grant)).ToList();
        return missing.Count > 0 && spec.CheckOnly
            ? throw new MeshException(
                "CA_ACCESS_MISSING",
                $"{member} lacks on {spec.Resource}: {string.Join(", ", missing.Select(grant => grant.Role))}. No workload would get a certificate.",
                "Grant them, or let the rollout do it: --enable_gcp_iam_roles (or --enable_all).")
            : grants.PlanFor(missing, needed.Except(missing));
    }

    protected override Task<Outcome> ApplyAsync(CaAccessSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken) =>
        GrantsOf(spec).ApplyAsync(plan, facts, cancellationToken);

    protected override Task<Outcome> VerifyAsync(CaAccessSpec spec, Plan plan, VerifyFacts facts, CancellationToken cancellationToken) =>
        GrantsOf(spec).VerifyAsync(plan, facts.Side, cancellationToken);

    protected override async Task<Outcome> RevertAsync(CaAccessSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        try
        {
            return await GrantsOf(spec).RevertAsync(plan, facts, cancellationToken);
        }
        catch (GoogleCallException exception) when (exception.Status == "NOT_FOUND")
        {
            // Somebody has taken the pool or the template away, and its policy with it.
            return Outcomes.Done();
        }
    }

    private PolicyGrants GrantsOf(CaAccessSpec spec)
    {
        var name = CaResourceName.Parse(spec.Resource);
        return new PolicyGrants(
            name.ResourceName,
            cancellationToken => api.GetPolicyAsync(name, cancellationToken),
            (policy, cancellationToken) => SetAsync(name, policy, spec.FleetProject, cancellationToken),
            "See what the message says of the policy, or grant the roles yourself.");
    }

    private async Task<Policy> SetAsync(CaResourceName name, Policy policy, string fleet, CancellationToken cancellationToken)
    {
        try
        {
            return await api.SetPolicyAsync(name, policy, cancellationToken);
        }
        catch (GoogleCallException exception)
            when (exception.Status == "INVALID_ARGUMENT" && exception.Error.Message.Contains(UnknownPool, StringComparison.OrdinalIgnoreCase))
        {
            throw new MeshException(
                "IDENTITY_POOL_UNKNOWN",
                $"Google does not know {fleet}.svc.id.goog yet, whose workloads are to use {name.ResourceName}: {exception.Error.Message}",
                $"The pool comes with the first member of the fleet, or with the first cluster of {fleet} that has workload identity: register one.");
        }
    }
}
