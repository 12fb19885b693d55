namespace MeshWorkflow.GoogleCloud.Hub;

/// <summary>A cluster's membership in a fleet.</summary>
public sealed record Membership
{
    /// <summary>Its full name. Written by the server.</summary>
    public string? Name { get; init; }

    /// <summary>Its labels.</summary>
    public Dictionary<string, string>? Labels { get; init; }

    /// <summary>Which cluster it is.</summary>
    public MembershipEndpoint? Endpoint { get; init; }

    /// <summary>Fleet workload identity; absent: off.</summary>
    public MembershipAuthority? Authority { get; init; }

    /// <summary>The UID of the namespace <c>kube-system</c>, of a cluster that is not on Google Cloud.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Where it stands. Written by the server.</summary>
    public MembershipState? State { get; init; }

    /// <summary>Changes with every re-creation. Written by the server.</summary>
    public string? UniqueId { get; init; }

    /// <summary>Which cluster a membership is.</summary>
    public sealed record MembershipEndpoint
    {
        /// <summary>A GKE cluster.</summary>
        public MembershipGkeCluster? GkeCluster { get; init; }
    }

    /// <summary>A GKE cluster.</summary>
    public sealed record MembershipGkeCluster
    {
        /// <summary>The cluster's full resource name.</summary>
        public string? ResourceLink { get; init; }
    }

    /// <summary>Who issues the tokens of a member's workloads.</summary>
    public sealed record MembershipAuthority
    {
        /// <summary>The issuer's address.</summary>
        public string? Issuer { get; init; }

        /// <summary>The keys of an issuer that Google can't reach: a JSON Web Key Set, in base64.</summary>
        public string? OidcJwks { get; init; }

        /// <summary>Who issues the fleet's own tokens for them. Written by the server.</summary>
        public string? IdentityProvider { get; init; }
    }

    /// <summary>Where a membership stands.</summary>
    public sealed record MembershipState
    {
        /// <summary><c>CREATING</c>, <c>READY</c>, <c>DELETING</c>, <c>UPDATING</c> or <c>SERVICE_UPDATING</c>.</summary>
        public string? Code { get; init; }
    }
}
