using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Worlds;

/// <summary>A cluster: of GKE, or somewhere else.</summary>
/// <param name="Project">Its project's id; of a cluster somewhere else the project that it is kept under.</param>
/// <param name="Location">Its zone or region; of a cluster somewhere else any text.</param>
/// <param name="Name">Its short name.</param>
/// <param name="Network">Its network's short name.</param>
public sealed record WorldCluster(string Project, string Location, string Name, string Network)
{
    /// <summary>Whether it is somewhere else: Google knows nothing of it, and it is reached by its kubeconfig alone.</summary>
    public bool IsElsewhere { get; init; }

    /// <summary>Who issues the tokens of its workloads, of a cluster somewhere else.</summary>
    public string? IssuerElsewhere { get; init; }

    /// <summary>Who issues the tokens of its workloads.</summary>
    public string Issuer => IsElsewhere
        ? IssuerElsewhere ?? $"https://{Name}.oidc.example.com"
        : $"https://container.googleapis.com/v1/projects/{Project}/locations/{Location}/clusters/{Name}";

    /// <summary>The project of its network, under Shared VPC; null: its own.</summary>
    public string? NetworkProject { get; init; }

    /// <summary>Its subnetwork's short name.</summary>
    public string Subnetwork { get; init; } = "default";

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether it is an Autopilot cluster.</summary>
    public bool Autopilot { get; init; }

    /// <summary>The range of its control plane, for a private cluster; null: it isn't private.</summary>
    public string? MasterRange { get; init; }

    /// <summary>Whether a private cluster has no public endpoint.</summary>
    public bool PrivateEndpoint { get; init; }

    /// <summary>The range of its pods.</summary>
    public string PodRange { get; init; } = "10.4.0.0/14";

    /// <summary>The range of its services.</summary>
    public string ServiceRange { get; init; } = "10.8.0.0/20";

    /// <summary>The version of its control plane.</summary>
    public string Version { get; init; } = "1.31.6-gke.1064001";

    /// <summary>Its release channel: RAPID, REGULAR, STABLE, EXTENDED or UNSPECIFIED.</summary>
    public string ReleaseChannel { get; init; } = "REGULAR";

    /// <summary>Whether workload identity is on.</summary>
    public bool WorkloadIdentity { get; init; } = true;

    /// <summary>Its logging service.</summary>
    public string LoggingService { get; init; } = "logging.googleapis.com/kubernetes";

    /// <summary>Its monitoring service.</summary>
    public string MonitoringService { get; init; } = "monitoring.googleapis.com/kubernetes";

    /// <summary>Its status: RUNNING, PROVISIONING, RECONCILING, STOPPING, ERROR or DEGRADED.</summary>
    public string Status { get; init; } = "RUNNING";

    /// <summary>Its node pools.</summary>
    public IReadOnlyList<WorldNodePool> NodePools { get; init; } = [new WorldNodePool("default-pool")];

    /// <summary>Its membership in a fleet at the start; null: none.</summary>
    public WorldMembership? Membership { get; init; }

    /// <summary>The Kubernetes objects that are in it at the start.</summary>
    public IReadOnlyList<JsonObject> Objects { get; init; } = [];

    /// <summary>What is wrong with it, by name: see <see cref="WorldQuirks"/>.</summary>
    public IReadOnlyList<string> Quirks { get; init; } = [];
}

/// <summary>A node pool.</summary>
/// <param name="Name">Its name.</param>
public sealed record WorldNodePool(string Name)
{
    /// <summary>The type of its machines.</summary>
    public string MachineType { get; init; } = "e2-standard-4";

    /// <summary>How many nodes it has.</summary>
    public int Nodes { get; init; } = 2;

    /// <summary>Its nodes' tags, beside GKE's own.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Whether its workloads get GKE's metadata server; null: if workload identity is on.</summary>
    public bool? GkeMetadata { get; init; }
}

/// <summary>A cluster's membership in a fleet.</summary>
/// <param name="Fleet">The project of the fleet.</param>
/// <param name="Id">Its id.</param>
/// <param name="Location">Its location: a region, or <c>global</c>.</param>
public sealed record WorldMembership(string Fleet, string Id, string Location)
{
    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether fleet workload identity is on for it.</summary>
    public bool WorkloadIdentity { get; init; } = true;
}

/// <summary>What can be wrong with a cluster.</summary>
public static class WorldQuirks
{
    /// <summary>No istiod ever becomes ready.</summary>
    public const string IstiodNeverReady = "istiod-never-ready";

    /// <summary>Its API server can't be reached.</summary>
    public const string Unreachable = "api-server-unreachable";

    /// <summary>Its API server can't be reached at its own address; through Connect Gateway it can.</summary>
    public const string EndpointClosed = "endpoint-closed";

    /// <summary>Lists of clusters leave it out and say that its location did not answer.</summary>
    public const string MissingZone = "missing-zone";

    /// <summary>Its updates fail at their end.</summary>
    public const string UpdatesFail = "updates-fail";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [IstiodNeverReady, Unreachable, EndpointClosed, MissingZone, UpdatesFail];
}
