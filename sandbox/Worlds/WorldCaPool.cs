using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Worlds;

/// <summary>A CA pool.</summary>
/// <param name="Location">Its region.</param>
/// <param name="Name">Its name.</param>
public sealed record WorldCaPool(string Location, string Name)
{
    /// <summary>Its tier: DEVOPS or ENTERPRISE.</summary>
    public string Tier { get; init; } = "DEVOPS";

    /// <summary>Its issuance policy, as the API writes it; null: none.</summary>
    public JsonObject? IssuancePolicy { get; init; }

    /// <summary>Who has which role on it.</summary>
    public IReadOnlyList<WorldBinding> Policy { get; init; } = [];

    /// <summary>Its certificate authorities.</summary>
    public IReadOnlyList<WorldAuthority> Authorities { get; init; } = [];
}

/// <summary>A certificate authority of a pool.</summary>
/// <param name="Name">Its name.</param>
public sealed record WorldAuthority(string Name)
{
    /// <summary>SELF_SIGNED or SUBORDINATE. A subordinate's issuer lies outside the world.</summary>
    public string Type { get; init; } = "SUBORDINATE";

    /// <summary>Its state: ENABLED, DISABLED, STAGED or AWAITING_USER_ACTIVATION.</summary>
    public string State { get; init; } = "ENABLED";
}

/// <summary>A certificate template.</summary>
/// <param name="Location">Its region.</param>
/// <param name="Name">Its name.</param>
public sealed record WorldCertificateTemplate(string Location, string Name)
{
    /// <summary>What it prescribes, as the API writes it: <c>predefinedValues</c>, <c>identityConstraints</c> …</summary>
    public JsonObject Content { get; init; } = [];

    /// <summary>Who has which role on it.</summary>
    public IReadOnlyList<WorldBinding> Policy { get; init; } = [];
}
