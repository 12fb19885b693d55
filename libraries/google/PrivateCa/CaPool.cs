using Newtonsoft.Json.Linq;

namespace MeshWorkflow.GoogleCloud.PrivateCa;

/// <summary>A pool of CA Service.</summary>
public sealed record CaPool
{
    /// <summary>Its relative name.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>DEVOPS</c> or <c>ENTERPRISE</c>.</summary>
    public string Tier { get; init; } = "";

    /// <summary>What certificates may be like, as the API writes it; absent: anything.</summary>
    public JObject? IssuancePolicy { get; init; }
}

/// <summary>A certificate authority of a pool.</summary>
public sealed record CaAuthority
{
    /// <summary>Its relative name.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>SELF_SIGNED</c> or <c>SUBORDINATE</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary><c>ENABLED</c>, <c>DISABLED</c>, <c>STAGED</c>, <c>AWAITING_USER_ACTIVATION</c> or <c>DELETED</c>.</summary>
    public string State { get; init; } = "";

    /// <summary>When it expires, RFC 3339.</summary>
    public string? ExpireTime { get; init; }
}

/// <summary>The authorities of a pool.</summary>
public sealed record CaAuthorityList
{
    /// <summary>The authorities.</summary>
    public IReadOnlyList<CaAuthority>? CertificateAuthorities { get; init; }

    /// <summary>Where the next page begins; empty: this is the last.</summary>
    public string? NextPageToken { get; init; }

    /// <summary>What could not be asked: unknown, never absent.</summary>
    public IReadOnlyList<string>? Unreachable { get; init; }
}

/// <summary>A certificate template.</summary>
public sealed record CaTemplate
{
    /// <summary>Its relative name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The values that it gives certificates, as the API writes them.</summary>
    public JObject? PredefinedValues { get; init; }

    /// <summary>Which identities it lets through, as the API writes it.</summary>
    public JObject? IdentityConstraints { get; init; }
}

/// <summary>Operations of a location.</summary>
public sealed record CaOperationList
{
    /// <summary>The operations.</summary>
    public IReadOnlyList<CaOperation>? Operations { get; init; }

    /// <summary>Where the next page begins; empty: this is the last.</summary>
    public string? NextPageToken { get; init; }
}

/// <summary>What an operation of CA Service is about.</summary>
/// <param name="Target">The relative name of what it works on.</param>
public sealed record CaOperationMetadata(string Target = "");

/// <summary>An operation of CA Service.</summary>
public sealed record CaOperation
{
    /// <summary>Its full name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whether it has ended.</summary>
    public bool Done { get; init; }

    /// <summary>Why it failed, if it did.</summary>
    public OperationError? Error { get; init; }

    /// <summary>What it is about.</summary>
    public CaOperationMetadata? Metadata { get; init; }
}
