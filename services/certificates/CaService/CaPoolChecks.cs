using MeshWorkflow.GoogleCloud.Failures;
using MeshWorkflow.GoogleCloud.PrivateCa;
using MeshWorkflow.Protos.Certificates.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Certificates.CaService;

/// <summary>Whether a pool can sign for a mesh. What is wrong is told at once.</summary>
internal sealed class CaPoolChecks(PrivateCaApi api)
{
    private const string Docs = "https://cloud.google.com/certificate-authority-service/docs";

    /// <summary>Looks at a pool, its authorities and its template.</summary>
    /// <returns>The pool, and what people should know of it.</returns>
    /// <exception cref="MeshException">It can't sign: <c>CA_POOL_UNFIT</c>, one violation for each reason.</exception>
    public async Task<(CaPool Pool, IReadOnlyList<Notice> Notices)> RunAsync(CaPoolSpec spec, CancellationToken cancellationToken)
    {
        var name = CaResourceName.Parse(spec.Pool);
        var wrong = new List<Violation>(OfRegions(spec, name));
        var pool = await FindAsync(() => api.GetPoolAsync(name, cancellationToken));
        if (pool is null)
        {
            wrong.Add(Violation(spec.Pool, "CA_POOL_NOT_FOUND", $"There is no pool {spec.Pool}.", "Make it, in the tier DevOps and in the region of its clusters, with a subordinate authority; or check the name."));
        }
        else
        {
            wrong.AddRange(await OfAuthoritiesAsync(name, cancellationToken));
        }

        wrong.AddRange(await OfTemplateAsync(spec, name, pool, cancellationToken));
        if (pool?.IssuancePolicy is { } policy && !spec.EnablePolicy && IssuancePolicies.Hindrances(policy).ToList() is { Count: > 0 } hindrances)
        {
            wrong.Add(Violation(
                spec.Pool,
                "CA_POLICY_UNFIT",
                $"The issuance policy of {spec.Pool} would leave workloads without certificates of use: {string.Join("; ", hindrances)}.",
                "Change the policy, or have the guide's written: --enable_ca_policy (spec.certificateAuthority.enablePolicy)."));
        }

        return pool is null || wrong.Count > 0
            ? throw new MeshException(
                wrong.Count == 1 ? wrong[0].Code : "CA_POOL_UNFIT",
                string.Join(" ", wrong.Select(violation => violation.Message)),
                string.Join(" ", wrong.Select(violation => violation.Remedy).Distinct()))
            {
                Violations = wrong,
            }
            : (pool, [.. Notices(spec, pool)]);
    }

    private static IEnumerable<Violation> OfRegions(CaPoolSpec spec, CaResourceName name)
    {
        if (spec.Regions.Where(region => region != name.Location).Distinct().Order(StringComparer.Ordinal).ToList() is { Count: > 0 } others)
        {
            yield return Violation(
                spec.Pool,
                "CA_POOL_REGION",
                $"{spec.Pool} is in {name.Location}, and clusters of it are in {string.Join(", ", others)}: their workloads would wait longer, and stop with another region.",
                "Use a pool in the region of the clusters: one for each region (spec.certificateAuthority.pools).");
        }

        if (CaResourceName.TryParse(spec.Template) is { } template && template.Location != name.Location)
        {
            yield return Violation(
                spec.Template, "CA_TEMPLATE_REGION", $"{spec.Template} is in {template.Location}, and its pool in {name.Location}.", "Make a template in the region of each pool.");
        }
    }

    private async Task<IEnumerable<Violation>> OfAuthoritiesAsync(CaResourceName pool, CancellationToken cancellationToken)
    {
        var list = await api.ListAuthoritiesAsync(pool, cancellationToken);
        var all = list.CertificateAuthorities ?? [];
        if (all.Any(authority => authority.State == "ENABLED"))
        {
            return [];
        }

        if (list.Unreachable is { Count: > 0 })
        {
            // Unknown is not absent.
            throw new WaitException($"the authorities of {pool} can't be read");
        }

        var states = all.Count == 0 ? "it has none" : string.Join(", ", all.Select(authority => $"{authority.Name.Split('/')[^1]} is {authority.State}"));
        return
        [
            Violation(
                pool.RelativeName,
                "CA_NOT_ENABLED",
                $"{pool} has no enabled certificate authority: {states}.",
                "Make a subordinate authority in it, activate it and enable it; only what is ENABLED signs."),
        ];
    }

    private async Task<IEnumerable<Violation>> OfTemplateAsync(
        CaPoolSpec spec, CaResourceName name, CaPool? pool, CancellationToken cancellationToken)
    {
        if (CaResourceName.TryParse(spec.Template) is not { } template || template.Location != name.Location)
        {
            return [];
        }

        if (await FindAsync(() => api.GetTemplateAsync(template, cancellationToken)) is not { } found)
        {
            return [Violation(spec.Template, "CA_TEMPLATE_NOT_FOUND", $"There is no certificate template {spec.Template}.", "Make it in the pool's region, or check the name.")];
        }

        var policy = spec.EnablePolicy ? IssuancePolicies.ForFleet(spec.FleetProject) : pool?.IssuancePolicy;
        return IssuancePolicies.Contradictions(policy?["baselineValues"], found.PredefinedValues) is { Count: > 0 } contradictions
            ?
            [
                Violation(
                    spec.Template,
                    "CA_TEMPLATE_CONFLICT",
                    $"{spec.Template} and the issuance policy of its pool contradict each other in {string.Join(", ", contradictions)}: nothing would be issued.",
                    "Give both the same values."),
            ]
            : [];
    }

    private static IEnumerable<Notice> Notices(CaPoolSpec spec, CaPool pool)
    {
        if (pool.Tier != "DEVOPS")
        {
            yield return new Notice
            {
                Code = "CA_POOL_TIER",
                Message = $"{spec.Pool} is of the tier {pool.Tier}: DevOps is made for many short-lived certificates, as a mesh's are.",
                Link = $"{Docs}/tiers",
            };
        }

        if (spec.EnablePolicy)
        {
            yield break;
        }

        var wanted = IssuancePolicies.ForFleet(spec.FleetProject);
        if (pool.IssuancePolicy is null)
        {
            yield return Policy("CA_POLICY_MISSING", $"{spec.Pool} has no issuance policy: who may ask it for certificates may ask for any.");
        }
        else if (!IssuancePolicies.AreSame(pool.IssuancePolicy, wanted))
        {
            yield return Policy("CA_POLICY_DIFFERS", $"The issuance policy of {spec.Pool} is another than the guide's for workloads.");
        }
    }

    private static Notice Policy(string code, string message) => new()
    {
        Code = code,
        Message = $"{message} --enable_ca_policy (spec.certificateAuthority.enablePolicy) writes the guide's.",
        Link = $"{Docs}/use-issuance-policy",
    };

    private static Violation Violation(string subject, string code, string message, string remedy) => new()
    {
        Subject = subject,
        Code = code,
        Message = message,
        Remedy = remedy,
    };

    private static async Task<T?> FindAsync<T>(Func<Task<T>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (GoogleCallException exception) when (exception.Status == "NOT_FOUND")
        {
            return null;
        }
    }
}
