using Newtonsoft.Json;

namespace MeshWorkflow.GoogleCloud.Compute;

/// <summary>A firewall rule of a network.</summary>
public sealed record Firewall
{
    /// <summary>Its short name.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it is for, for people; and whose it is.</summary>
    public string? Description { get; init; }

    /// <summary>The network: an address or a relative name.</summary>
    public string? Network { get; init; }

    /// <summary><c>INGRESS</c> or <c>EGRESS</c>.</summary>
    public string? Direction { get; init; }

    /// <summary>The lower, the earlier it counts. Default: 1000.</summary>
    public int? Priority { get; init; }

    /// <summary>Where traffic comes from.</summary>
    public IReadOnlyList<string>? SourceRanges { get; init; }

    /// <summary>Which instances' traffic is meant.</summary>
    public IReadOnlyList<string>? SourceTags { get; init; }

    /// <summary>Which accounts' traffic is meant.</summary>
    public IReadOnlyList<string>? SourceServiceAccounts { get; init; }

    /// <summary>Which instances it is for; with <see cref="TargetServiceAccounts"/> absent too: all.</summary>
    public IReadOnlyList<string>? TargetTags { get; init; }

    /// <summary>Which accounts' instances it is for.</summary>
    public IReadOnlyList<string>? TargetServiceAccounts { get; init; }

    /// <summary>What it lets through.</summary>
    public IReadOnlyList<FirewallTraffic>? Allowed { get; init; }

    /// <summary>What it stops.</summary>
    public IReadOnlyList<FirewallTraffic>? Denied { get; init; }

    /// <summary>Whether it is switched off.</summary>
    public bool? Disabled { get; init; }
}

/// <summary>A kind of traffic.</summary>
public sealed record FirewallTraffic
{
    /// <summary>The protocol, by name or number; <c>all</c>: any.</summary>
    [JsonProperty("IPProtocol")]
    public string Protocol { get; init; } = "";

    /// <summary>Ports and ranges of ports; absent: any.</summary>
    public IReadOnlyList<string>? Ports { get; init; }
}
