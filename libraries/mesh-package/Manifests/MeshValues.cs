namespace MeshWorkflow.MeshPackage.Manifests;

/// <summary>What a control plane is rendered for.</summary>
public sealed record MeshValues
{
    /// <summary>The revision.</summary>
    public required string Revision { get; init; }

    /// <summary>The fleet's project: it names the trust domain.</summary>
    public required string FleetProject { get; init; }

    /// <summary>The fleet project's number: it names the mesh.</summary>
    public required string FleetNumber { get; init; }

    /// <summary>The certificate authority.</summary>
    public CertificateAuthority Authority { get; init; }

    /// <summary>The pool of CA Service, maybe with a template: <c>projects/…[:projects/…]</c>.</summary>
    public string AuthorityPool { get; init; } = "";

    /// <summary>Options of the package, by name, in order.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Overlays of people's own, in order; later ones win.</summary>
    public IReadOnlyList<Overlay> Overlays { get; init; } = [];

    /// <summary>The cluster that it is for.</summary>
    public required MeshCluster Cluster { get; init; }
}

/// <summary>The values that differ from cluster to cluster.</summary>
/// <param name="Project">The cluster's project.</param>
/// <param name="ProjectNumber">The project's number.</param>
/// <param name="Location">The cluster's zone or region.</param>
/// <param name="Name">The cluster's name.</param>
/// <param name="Network">The network that it is on.</param>
/// <param name="IdentityProvider">Who issues the tokens of its workloads.</param>
public sealed record MeshCluster(
    string Project, string ProjectNumber, string Location, string Name, string Network, string IdentityProvider)
{
    /// <summary>Trust domains that a control plane which is there already accepts.</summary>
    public IReadOnlyList<string> KnownAliases { get; init; } = [];

    /// <summary>Whether it is not on Google Cloud.</summary>
    public bool IsElsewhere { get; init; }
}

/// <summary>An overlay of somebody's own.</summary>
/// <param name="Name">What it is called: its file's name.</param>
/// <param name="Content">IstioOperator documents, YAML.</param>
public sealed record Overlay(string Name, string Content);

/// <summary>Who signs the workloads' certificates.</summary>
public enum CertificateAuthority
{
    /// <summary>Google's Mesh CA.</summary>
    MeshCa,

    /// <summary>Google's CA Service.</summary>
    CaService,

    /// <summary>istiod itself.</summary>
    IstioCa,
}
