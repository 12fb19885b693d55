using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.FaultPlans;

/// <summary>How many calls are served.</summary>
/// <param name="Calls">So many at once, and as many per time; 0: any number.</param>
/// <param name="Per">The time.</param>
/// <param name="Running">Writes are served while less operations run than this; 0: however many run.</param>
internal sealed record QuotaLimit(int Calls, TimeSpan Per, int Running);

/// <summary>Who has a quota of their own.</summary>
internal enum QuotaBy
{
    /// <summary>Each project.</summary>
    Project,

    /// <summary>Each project and location.</summary>
    Location,

    /// <summary>Each caller.</summary>
    Caller,

    /// <summary>Nobody: there is one for all.</summary>
    All,
}

/// <summary>The buckets of one quota: each fills by and by, and a call takes one out.</summary>
internal sealed class QuotaBuckets(Quota quota)
{
    private readonly Dictionary<string, (double Left, DateTimeOffset At)> _buckets = new(StringComparer.Ordinal);

    /// <summary>Takes a call out of its bucket.</summary>
    /// <returns>Whether there was one left.</returns>
    public bool Take(ApiCall call, DateTimeOffset now)
    {
        var key = KeyOf(call);
        var (left, at) = _buckets.GetValueOrDefault(key, (quota.Limit.Calls, now));
        left = Math.Min(quota.Limit.Calls, left + ((now - at) / quota.Limit.Per * quota.Limit.Calls));
        var isServed = left >= 1;
        _buckets[key] = (isServed ? left - 1 : left, now);
        return isServed;
    }

    /// <summary>Whose quota a call is metered on.</summary>
    public string KeyOf(ApiCall call) => quota.By switch
    {
        QuotaBy.Project => Segment(call.Resource, "projects"),
        QuotaBy.Location => $"{Segment(call.Resource, "projects")}/{Segment(call.Resource, "locations")}",
        QuotaBy.Caller => call.Principal,
        _ => "",
    };

    /// <summary>What follows a collection's name in a resource's name; empty: it isn't there.</summary>
    public static string Segment(string resource, string collection)
    {
        var parts = resource.Split('/');
        var at = Array.IndexOf(parts, collection);
        return at >= 0 && at + 1 < parts.Length ? parts[at + 1] : "";
    }
}

/// <summary>The quotas that Google documents for the APIs of a mesh's installation.</summary>
internal static class GoogleQuotas
{
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
        Of("privateca", "certificates.create", null, 100, Second, QuotaBy.Location),
        Of("privateca", "certificateAuthorities.create", null, 5, Minute, QuotaBy.Location),
        Of("privateca", null, CallKind.Write, 40, Second, QuotaBy.Location),
        Of("privateca", null, null, 400, Second, QuotaBy.Location),
        new PlannedFault(
            "google-gkehub-features", new CallMatch("gkehub", "features.*") { Kind = CallKind.Write },
            new Quota(new QuotaLimit(0, Minute, 1), QuotaBy.Project, Exhausted("Too many requests are currently being executed", null))),
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
        return new PlannedFault(name, new CallMatch(api, method) { Kind = kind }, new Quota(new QuotaLimit(calls, per, 0), by, Exhausted(message, null)));
    }
}
