namespace MeshWorkflow.GoogleCloud.Container;

/// <summary>Clusters of a project.</summary>
public sealed record ClusterList
{
    /// <summary>The clusters.</summary>
    public IReadOnlyList<Cluster>? Clusters { get; init; }

    /// <summary>Zones that could not be asked.</summary>
    public IReadOnlyList<string>? MissingZones { get; init; }
}
