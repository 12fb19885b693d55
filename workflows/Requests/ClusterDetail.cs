namespace MeshWorkflow.Workflows.Requests;

/// <summary>What a request says of a cluster beside its name.</summary>
/// <param name="Cluster">The cluster. One that is not on Google Cloud is <c>FLEET/global/NAME</c>, as its membership in the fleet is.</param>
public sealed record ClusterDetail(ClusterRef Cluster)
{
    /// <summary>Where it runs.</summary>
    public ClusterPlatform Platform { get; init; }

    /// <summary>
    /// The kubeconfig that it is reached by: a whole path on the machine of the services. Null: its API server's address and
    /// credentials are Google's to tell.
    /// </summary>
    public string? Kubeconfig { get; init; }

    /// <summary>The kubeconfig's context; null: the current one.</summary>
    public string? Context { get; init; }

    /// <summary>Whether its API server is reached through Connect Gateway.</summary>
    public bool ThroughConnectGateway { get; init; }

    /// <summary>The HTTPS proxy that leads to its API server; null: none, or the one of the services' own environment.</summary>
    public string? HttpsProxy { get; init; }

    /// <summary>The network that it is on; null: on Google Cloud <c>PROJECT-NETWORK</c>, elsewhere <c>default</c>.</summary>
    public string? NetworkId { get; init; }

    /// <summary>The name of its membership in the fleet; null: it is chosen.</summary>
    public string? Membership { get; init; }

    /// <summary>
    /// The membership that the cluster was named by, <c>projects/F/locations/L/memberships/M</c>; until the API has looked up which cluster that is, the
    /// detail's cluster stands for it. Null: the cluster is known.
    /// </summary>
    public string? Member { get; init; }

    /// <summary>Whether the issuer of its tokens can't be reached by Google, so that its keys go into the membership.</summary>
    public bool HasPrivateIssuer { get; init; }
}

/// <summary>Where a cluster runs.</summary>
public enum ClusterPlatform
{
    /// <summary>GKE.</summary>
    GoogleCloud,

    /// <summary>Anywhere else: it is reached by its kubeconfig.</summary>
    Multicloud,
}
