using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.FaultPlans;

/// <summary>The quotas that Google documents for the APIs of a mesh's installation.</summary>
internal static class GoogleQuotas
{
    private const string Signing = "certificates.create";
    private const string OtherChanges =
        "caPools.*|certificateTemplates.*|certificates.revoke|operations.*|certificateAuthorities.patch|certificateAuthorities.delete|certificateAuthorities.activate"
        + "|certificateAuthorities.enable|certificateAuthorities.disable|certificateAuthorities.undelete";

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>All of them, as faults.</summary>
    public static IReadOnlyList<PlannedFault> All { get; } =
    [
        // Reads, writes and looks at operations are metered apart.
        Of("compute", "globalOperations.*", null, 1500, Minute),
        Of("compute", "firewalls.*|networks.*", CallKind.Read, 1500, Minute),
        Of("compute", "firewalls.*|networks.*", CallKind.Write, 1500, Minute),
        Of("iam", null, CallKind.Read, 6000, Minute),
        Of("iam", null, CallKind.Write, 600, Minute),
        Of("connectgateway", null, null, 2400, Minute),
        new PlannedFault(
            "google-connectgateway-streams", new CallMatch("connectgateway"),
            new Quota(new QuotaLimit(0, Minute, Streams: 10), QuotaBy.Project, Exhausted("Quota exceeded for quota metric 'Active streams' of service 'connectgateway.googleapis.com'.", null))),

        // What an authority signs has quotas of its own, the narrower ones first: a refused call takes nothing from those behind.
        PerAuthority("DEVOPS", 25),
        PerAuthority("ENTERPRISE", 7),
        Of("privateca", Signing, null, 100, Second, QuotaBy.Location),
        Of("privateca", "certificateAuthorities.create", null, 5, Minute, QuotaBy.Location),
        Of("privateca", OtherChanges, CallKind.Write, 40, Second, QuotaBy.Location),
        Of("privateca", null, null, 400, Second, QuotaBy.Location),
        new PlannedFault(
            "google-gkehub-features", new CallMatch("gkehub", "features.*") { Kind = CallKind.Write },
            new Quota(new QuotaLimit(0, Minute, Running: 1), QuotaBy.Project, Exhausted("Too many requests are currently being executed", null))),
    ];

    /// <summary>How a call beyond its quota is refused: 429, which Compute Engine turns into its 403.</summary>
    public static FaultSpec Exhausted(string message, int? retryAfterSeconds) => new()
    {
        Status = 429,
        Code = "RESOURCE_EXHAUSTED",
        Reason = "RATE_LIMIT_EXCEEDED",
        Message = message,
        RetryAfterSeconds = retryAfterSeconds,
    };

    private static PlannedFault Of(string api, string? method, CallKind? kind, int calls, TimeSpan per, QuotaBy by = QuotaBy.Project)
    {
        var name = $"google-{api}-{method?.Split('.')[0] ?? "all"}-{(kind is CallKind.Read ? "reads" : kind is CallKind.Write ? "writes" : "calls")}";
        var message = $"Quota exceeded for quota metric '{api} requests' and limit '{api} requests per {(per == Minute ? "minute" : "second")}' of service '{api}.googleapis.com'.";
        return new PlannedFault(name, new CallMatch(api, method) { Kind = kind }, new Quota(new QuotaLimit(calls, per), by, Exhausted(message, null)));
    }

    private static PlannedFault PerAuthority(string tier, int calls)
    {
        var quota = (Quota)Of("privateca", Signing, null, calls, Second, QuotaBy.Authority).Act;
        return new PlannedFault($"google-privateca-certificates-{tier.ToLowerInvariant()}", new CallMatch("privateca", Signing), quota with { Tier = tier });
    }
}
