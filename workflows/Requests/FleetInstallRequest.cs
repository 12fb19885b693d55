using System.Text.Json.Serialization;

namespace MeshWorkflow.Workflows.Requests;

/// <summary>A valid request: what is to be installed where.</summary>
/// <param name="Name">The rollout's name.</param>
/// <param name="FleetProject">The fleet's project.</param>
/// <param name="Clusters">The clusters, in the order of their turn.</param>
public sealed record FleetInstallRequest(string Name, string FleetProject, IReadOnlyList<ClusterRef> Clusters)
{
    /// <summary>Who gets the roles; null: the services' own principal.</summary>
    public string? Member { get; init; }

    /// <summary>The key of the service account that all is done as: a whole path on the machine of the services; null: their own account.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Which mesh.</summary>
    public MeshRequest Mesh { get; init; } = new("", "");

    /// <summary>Who signs the workloads' certificates.</summary>
    public AuthorityRequest CertificateAuthority { get; init; } = new(AuthorityType.MeshCa);

    /// <summary>What the request says of clusters beside their names; only of those that it does of.</summary>
    public IReadOnlyList<ClusterDetail> Details { get; init; } = [];

    /// <summary>Where the mesh package comes from; null: as the services' settings have it.</summary>
    public PackageRequest? Package { get; init; }

    /// <summary>The package's options by name, later ones win.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>IstioOperators of people's own, later ones win.</summary>
    public IReadOnlyList<FileText> Overlays { get; init; } = [];

    /// <summary>The gateways of every cluster.</summary>
    public IReadOnlyList<GatewayRequest> Gateways { get; init; } = [];

    /// <summary>Which workloads get proxies; null: none.</summary>
    public InjectionRequest? Injection { get; init; }

    /// <summary>What may be changed; what may not is only checked.</summary>
    public EnableRequest Enable { get; init; } = new();

    /// <summary>Whether only what the mesh needs is seen to (<see cref="Enable"/>), and no mesh is installed.</summary>
    public bool OnlyEnable { get; init; }

    /// <summary>Whether private clusters get their firewall rule.</summary>
    public bool Firewall { get; init; } = true;

    /// <summary>Whether the canonical service controller is installed.</summary>
    public bool CanonicalService { get; init; } = true;

    /// <summary>In which order, and how much may fail.</summary>
    public RolloutRequest Rollout { get; init; } = new();

    /// <summary>How it is undone.</summary>
    public UndoRequest Undo { get; init; } = new();

    /// <summary>
    /// The projects of the networks whose firewalls the rollout may have to change: what preflight saw, no part of what was asked for.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<string> NetworkProjects { get; init; } = [];

    /// <summary>How often those who wait look whether somebody wants them to stop; null: as the orchestrator's settings have it.</summary>
    public TimeSpan? PollEvery { get; init; }

    /// <summary>What the request says of a cluster beside its name.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <returns>That; of most clusters nothing.</returns>
    public ClusterDetail DetailOf(ClusterRef cluster) => Details.FirstOrDefault(detail => detail.Cluster == cluster) ?? new ClusterDetail(cluster);
}

/// <summary>Which mesh.</summary>
/// <param name="Version">Such as 1.23.3-asm.2.</param>
/// <param name="Revision">Such as asm-1233-2.</param>
public sealed record MeshRequest(string Version, string Revision);

/// <summary>Where the mesh package comes from: for each half an address, an archive or a folder, and its SHA-256.</summary>
public sealed record PackageRequest(
    string? Release = null, string? ReleaseSha256 = null, string? Configuration = null, string? ConfigurationSha256 = null);

/// <summary>A file that came with the request.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Content">What is in it.</param>
public sealed record FileText(string Name, string Content);

/// <summary>A gateway of every cluster.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Manifests">Manifests of people's own; none: the package's sample.</param>
public sealed record GatewayRequest(string Namespace, IReadOnlyList<FileText> Manifests);

/// <summary>Which workloads get proxies.</summary>
/// <param name="Namespaces">Their namespaces.</param>
/// <param name="Restart">Whether running workloads are restarted.</param>
public sealed record InjectionRequest(IReadOnlyList<string> Namespaces, bool Restart);

/// <summary>What may be changed; what may not is only checked.</summary>
public sealed record EnableRequest
{
    /// <summary>Everything.</summary>
    public bool All { get; init; }

    /// <summary>IAM roles of the member.</summary>
    public bool IamRoles { get; init; }

    /// <summary>Google APIs.</summary>
    public bool Apis { get; init; }

    /// <summary>Workload identity, logging and monitoring of clusters, service agents, and the mesh configuration.</summary>
    public bool Components { get; init; }

    /// <summary>The mesh configuration alone.</summary>
    public bool MeshConfig { get; init; }

    /// <summary>The member's right to everything within the clusters.</summary>
    public bool ClusterRoles { get; init; }

    /// <summary>The clusters' labels.</summary>
    public bool ClusterLabels { get; init; }

    /// <summary>The mesh's namespace.</summary>
    public bool Namespace { get; init; }

    /// <summary>The clusters' memberships in the fleet.</summary>
    public bool Registration { get; init; }
}
