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
