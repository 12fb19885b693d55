using MeshWorkflow.GoogleCloud.Requests;

namespace MeshWorkflow.GoogleCloud.Container;

/// <summary>Kubernetes Engine.</summary>
/// <param name="services">The APIs.</param>
/// <param name="time">The clock.</param>
public sealed class ContainerApi(ApiServices services, TimeProvider time)
{
    private readonly Api _api = new(services, "container", time);

    /// <summary>Reads a cluster.</summary>
    /// <param name="cluster">Its name.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The cluster.</returns>
    public Task<Cluster> GetClusterAsync(ClusterName cluster, CancellationToken cancellationToken) =>
        _api.GetAsync<Cluster>($"v1/{cluster.RelativeName}", cancellationToken);

    /// <summary>Lists a project's clusters in all locations.</summary>
    /// <param name="project">The project.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The clusters, and the zones that could not be asked: unknown, never absent.</returns>
    public Task<ClusterList> ListClustersAsync(string project, CancellationToken cancellationToken) =>
        _api.GetAsync<ClusterList>($"v1/projects/{project}/locations/-/clusters", cancellationToken);

    /// <summary>
    /// Changes one thing of a cluster. One that was changed since it was read answers <c>ABORTED</c>; a busy cluster
    /// <c>CLUSTER_ALREADY_HAS_OPERATION</c>.
    /// </summary>
    /// <param name="cluster">Its name.</param>
    /// <param name="update">The change.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The operation that has begun.</returns>
    public Task<ContainerOperation> UpdateClusterAsync(ClusterName cluster, ClusterUpdate update, CancellationToken cancellationToken) =>
        _api.SendAsync<ContainerOperation>(HttpMethod.Put, $"v1/{cluster.RelativeName}", new { Update = update }, cancellationToken);

    /// <summary>
    /// Writes a cluster's labels: the complete map. A stale fingerprint answers <c>FAILED_PRECONDITION</c>; a busy cluster
    /// <c>CLUSTER_ALREADY_HAS_OPERATION</c>.
    /// </summary>
    /// <param name="cluster">Its name.</param>
    /// <param name="labels">All of its labels.</param>
    /// <param name="fingerprint">The fingerprint of the labels that were read.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The operation that has begun.</returns>
    public Task<ContainerOperation> SetResourceLabelsAsync(
        ClusterName cluster, IReadOnlyDictionary<string, string> labels, string fingerprint, CancellationToken cancellationToken) =>
        _api.SendAsync<ContainerOperation>(
            HttpMethod.Post,
            $"v1/{cluster.RelativeName}:setResourceLabels",
            new { ResourceLabels = labels, LabelFingerprint = fingerprint },
            cancellationToken);

    /// <summary>Reads an operation.</summary>
    /// <param name="cluster">The cluster that it works on.</param>
    /// <param name="operation">Its short name.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The operation.</returns>
    public Task<ContainerOperation> GetOperationAsync(ClusterName cluster, string operation, CancellationToken cancellationToken) =>
        _api.GetAsync<ContainerOperation>(
            $"v1/projects/{cluster.Project}/locations/{cluster.Location}/operations/{operation}", cancellationToken);

    /// <summary>Lists the operations of a cluster's location, whatever they work on.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>Those that run, and those that have ended lately.</returns>
    public async Task<IReadOnlyList<ContainerOperation>> ListOperationsAsync(ClusterName cluster, CancellationToken cancellationToken) =>
        (await _api.GetAsync<ContainerOperationList>($"v1/projects/{cluster.Project}/locations/{cluster.Location}/operations", cancellationToken)).Operations ?? [];
}
