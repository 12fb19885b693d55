using System.Globalization;
using System.Net;
using MeshWorkflow.GoogleCloud.Compute;

namespace MeshWorkflow.ControlPlane.WebhookFirewall;

/// <summary>What rules of a network let an API server reach on its nodes.</summary>
/// <param name="Sources">Where the API server's calls come from.</param>
/// <param name="Tags">The tags of the nodes.</param>
internal sealed record FirewallReach(IReadOnlyList<string> Sources, IReadOnlyList<string> Tags)
{
    private const int DefaultPriority = 1000;

    /// <summary>Whether rules let it reach a port: one allows it, and none that counts earlier, or as early, denies it.</summary>
    public bool IsOpen(int port, IEnumerable<Firewall> rules)
    {
        var counting = rules.Where(rule => rule.Disabled is not true && rule.Direction is null or "INGRESS" && IsForNodes(rule)).ToList();
        var allow = counting.Where(rule => IsFromServer(rule) && Has(rule.Allowed, port)).Select(PriorityOf).DefaultIfEmpty(int.MaxValue).Min();
        var deny = counting.Where(rule => MayBeFromServer(rule) && Has(rule.Denied, port)).Select(PriorityOf).DefaultIfEmpty(int.MaxValue).Min();
        return allow < deny;
    }

    /// <summary>Rules that would stop a port that a rule of default priority opens.</summary>
    public IReadOnlyList<string> Denying(int port, IEnumerable<Firewall> rules) =>
    [
        .. rules.Where(rule => rule.Disabled is not true && rule.Direction is null or "INGRESS")
            .Where(rule => IsForNodes(rule) && MayBeFromServer(rule) && Has(rule.Denied, port) && PriorityOf(rule) <= DefaultPriority)
            .Select(rule => rule.Name),
    ];

    private bool IsForNodes(Firewall rule) => rule switch
    {
        { TargetTags: { Count: > 0 } tags } => Tags.All(tags.Contains),
        { TargetServiceAccounts.Count: > 0 } => false,
        _ => true,
    };

    // Tags and accounts name instances, and an API server is none.
    private bool IsFromServer(Firewall rule) => rule.SourceRanges is { Count: > 0 } ranges
        ? Sources.All(source => ranges.Any(range => Covers(range, source)))
        : rule is { SourceTags: null or { Count: 0 }, SourceServiceAccounts: null or { Count: 0 } };

    private bool MayBeFromServer(Firewall rule) => IsFromServer(rule)
        || rule.SourceRanges?.Any(range => Sources.Any(source => Covers(range, source) || Covers(source, range))) is true;

    private static bool Covers(string outer, string inner) =>
        IPNetwork.TryParse(outer, out var wide)
        && IPNetwork.TryParse(inner, out var narrow)
        && wide.PrefixLength <= narrow.PrefixLength
        && wide.Contains(narrow.BaseAddress);

    private static bool Has(IReadOnlyList<FirewallTraffic>? traffic, int port) => traffic?.Any(kind =>
        kind.Protocol.ToLowerInvariant() is "all" or "tcp" or "6"
        && (kind.Ports is not { Count: > 0 } ports || ports.Any(range => IsIn(range, port)))) is true;

    private static bool IsIn(string range, int port)
    {
        var ends = range.Split('-');
        return int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && first <= port && port <= last;
    }

    private static int PriorityOf(Firewall rule) => rule.Priority ?? DefaultPriority;
}
