using Newtonsoft.Json;

namespace MeshWorkflow.GoogleCloud.Container;

/// <summary>A cluster, as far as the mesh needs it.</summary>
public sealed record Cluster
{
    /// <summary>Its short name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its zone or region.</summary>
    public string Location { get; init; } = "";

    /// <summary><c>RUNNING</c> when it can be worked on.</summary>
    public string Status { get; init; } = "";

    /// <summary>Where its API server is: an IP address or a name, maybe with a port.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>Its network's short name.</summary>
    public string Network { get; init; } = "";

    /// <summary>Its certificates.</summary>
    public ClusterAuthentication? MasterAuth { get; init; }

    /// <summary>Its labels.</summary>
    public Dictionary<string, string>? ResourceLabels { get; init; }

    /// <summary>The fingerprint of <see cref="ResourceLabels"/>.</summary>
    public string? LabelFingerprint { get; init; }

    /// <summary>The fleet that it is registered in.</summary>
    public ClusterFleet? Fleet { get; init; }

    /// <summary>Changes with every change of the cluster.</summary>
    public string? Etag { get; init; }

    /// <summary>Its hash. GKE's own firewall rules and node tags have the first eight digits in their names.</summary>
    public string? Id { get; init; }

    /// <summary>The version of its API server.</summary>
    public string CurrentMasterVersion { get; init; } = "";

    /// <summary>Where its logs go; <c>none</c>: nowhere.</summary>
    public string? LoggingService { get; init; }

    /// <summary>Where its metrics go; <c>none</c>: nowhere.</summary>
    public string? MonitoringService { get; init; }

    /// <summary>Workload identity; absent: off.</summary>
    public ClusterWorkloadIdentity? WorkloadIdentityConfig { get; init; }

    /// <summary>Autopilot; of a Standard cluster it is there and empty.</summary>
    public ClusterAutopilot? Autopilot { get; init; }

    /// <summary>Its networking.</summary>
    public ClusterNetworking? NetworkConfig { get; init; }

    /// <summary>What is private about it.</summary>
    public ClusterPrivacy? PrivateClusterConfig { get; init; }

    /// <summary>Its node pools.</summary>
    public IReadOnlyList<NodePool>? NodePools { get; init; }

    /// <summary>What is wrong with it.</summary>
    public IReadOnlyList<ClusterCondition>? Conditions { get; init; }

    /// <summary>Whether its nodes have no public address: then only what a firewall rule allows reaches them from the API server.</summary>
    [JsonIgnore]
    public bool HasPrivateNodes => PrivateClusterConfig?.EnablePrivateNodes is true || NetworkConfig?.DefaultEnablePrivateNodes is true;

    /// <summary>Workload identity of a cluster.</summary>
    public sealed record ClusterWorkloadIdentity
    {
        /// <summary>The pool, such as <c>my-project.svc.id.goog</c>.</summary>
        public string? WorkloadPool { get; init; }
    }

    /// <summary>Autopilot of a cluster.</summary>
    public sealed record ClusterAutopilot
    {
        /// <summary>Whether it is on.</summary>
        public bool? Enabled { get; init; }
    }

    /// <summary>The networking of a cluster.</summary>
    public sealed record ClusterNetworking
    {
        /// <summary>The network's relative name. Its project is another under Shared VPC.</summary>
        public string? Network { get; init; }

        /// <summary>Whether nodes have no public address.</summary>
        public bool? DefaultEnablePrivateNodes { get; init; }
    }

    /// <summary>What is private about a cluster.</summary>
    public sealed record ClusterPrivacy
    {
        /// <summary>Whether nodes have no public address.</summary>
        public bool? EnablePrivateNodes { get; init; }

        /// <summary>Where the API server's calls to nodes come from; newer clusters have none.</summary>
        public string? MasterIpv4CidrBlock { get; init; }
    }

    /// <summary>Something that is wrong with a cluster.</summary>
    public sealed record ClusterCondition
    {
        /// <summary>The message, for people.</summary>
        public string Message { get; init; } = "";
    }

    /// <summary>The certificates of a cluster.</summary>
    public sealed record ClusterAuthentication
    {
        /// <summary>The certificate authority of its API server, PEM in base64.</summary>
        public string? ClusterCaCertificate { get; init; }
    }

    /// <summary>The fleet of a cluster.</summary>
    public sealed record ClusterFleet
    {
        /// <summary>The fleet's project, id or number.</summary>
        public string? Project { get; init; }

        /// <summary>The full name of its membership.</summary>
        public string? Membership { get; init; }
    }
}
