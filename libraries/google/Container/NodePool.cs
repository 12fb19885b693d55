namespace MeshWorkflow.GoogleCloud.Container;

/// <summary>Nodes of one kind.</summary>
public sealed record NodePool
{
    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>What its nodes are.</summary>
    public NodeConfig? Config { get; init; }

    /// <summary>How many nodes per zone it began with.</summary>
    public int? InitialNodeCount { get; init; }

    /// <summary>Its zones.</summary>
    public IReadOnlyList<string>? Locations { get; init; }

    /// <summary>How it grows.</summary>
    public NodeAutoscaling? Autoscaling { get; init; }

    /// <summary>What nodes are.</summary>
    public sealed record NodeConfig
    {
        /// <summary>The machine type.</summary>
        public string? MachineType { get; init; }

        /// <summary>How workloads reach the metadata server.</summary>
        public MetadataConfig? WorkloadMetadataConfig { get; init; }
    }

    /// <summary>How workloads reach the metadata server.</summary>
    public sealed record MetadataConfig
    {
        /// <summary><c>GKE_METADATA</c>: with workload identity; <c>GCE_METADATA</c>: as the node.</summary>
        public string? Mode { get; init; }
    }

    /// <summary>How a pool grows.</summary>
    public sealed record NodeAutoscaling
    {
        /// <summary>Whether it does.</summary>
        public bool? Enabled { get; init; }

        /// <summary>How many nodes per zone at most.</summary>
        public int? MaxNodeCount { get; init; }
    }
}
