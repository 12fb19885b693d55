using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.FaultPlans;

/// <summary>How many calls are served.</summary>
/// <param name="Calls">So many at once, and as many per time; 0: any number.</param>
/// <param name="Per">The time.</param>
/// <param name="Running">Writes are served while less operations run than this; 0: however many run.</param>
/// <param name="Streams">So many watches may be open at once; 0: any number.</param>
internal sealed record QuotaLimit(int Calls, TimeSpan Per, int Running = 0, int Streams = 0);

/// <summary>Who has a quota of their own.</summary>
internal enum QuotaBy
{
    /// <summary>Each project.</summary>
    Project,

    /// <summary>Each project and location.</summary>
    Location,

    /// <summary>Each certificate authority: the one that is asked to sign.</summary>
    Authority,

    /// <summary>Each caller.</summary>
    Caller,

    /// <summary>Nobody: there is one for all.</summary>
    All,
}

/// <summary>The buckets of one quota: each fills by and by, and a call takes one out.</summary>
internal sealed class QuotaBuckets(Quota quota)
{
    private readonly Dictionary<string, (double Left, DateTimeOffset At)> _buckets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _streams = new(StringComparer.Ordinal);

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

    /// <summary>Opens a stream, if one more may be open.</summary>
    /// <returns>What is to be done when it ends; null: none may.</returns>
    public Action? Open(ApiCall call)
    {
        var key = KeyOf(call);
        if (_streams.GetValueOrDefault(key) >= quota.Limit.Streams)
        {
            return null;
        }

        _streams[key] = _streams.GetValueOrDefault(key) + 1;
        return () => _streams[key]--;
    }

    /// <summary>Whose quota a call is metered on.</summary>
    public string KeyOf(ApiCall call) => quota.By switch
    {
        QuotaBy.Project => ProjectOf(call),
        QuotaBy.Location => $"{Segment(call.Resource, "projects")}/{Segment(call.Resource, "locations")}",
        QuotaBy.Authority => call.Signer.Authority,
        QuotaBy.Caller => call.Principal,
        _ => "",
    };

    /// <summary>The project whose quotas a call takes from.</summary>
    public static string ProjectOf(ApiCall call) => call.Consumer.Length > 0 ? call.Consumer : Segment(call.Resource, "projects");

    /// <summary>What follows a collection's name in a resource's name; empty: it isn't there.</summary>
    public static string Segment(string resource, string collection)
    {
        var parts = resource.Split('/');
        var at = Array.IndexOf(parts, collection);
        return at >= 0 && at + 1 < parts.Length ? parts[at + 1] : "";
    }
}
