namespace MeshWorkflow.GoogleCloud.Container;

/// <summary>A change of a cluster: exactly one thing at a time, as Kubernetes Engine wants it.</summary>
public sealed record ClusterUpdate
{
    /// <summary>The etag of the cluster that was read; absent: whatever it is now.</summary>
    public string? Etag { get; init; }

    /// <summary>Workload identity: its pool; an empty pool turns it off.</summary>
    public Cluster.ClusterWorkloadIdentity? DesiredWorkloadIdentityConfig { get; init; }

    /// <summary>Where logs are to go, together with <see cref="DesiredMonitoringService"/>.</summary>
    public string? DesiredLoggingService { get; init; }

    /// <summary>Where metrics are to go.</summary>
    public string? DesiredMonitoringService { get; init; }
}
