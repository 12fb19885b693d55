using System.Text;
using MeshWorkflow.GoogleCloud.Container;
using MeshWorkflow.GoogleCloud.Credentials;
using MeshWorkflow.KubernetesApi;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.ControlPlane.Clusters;

/// <summary>Reads GKE clusters and connects to them.</summary>
internal sealed class GkeClusters(ContainerApi container, ClusterConnections connections, GoogleCredentials credentials)
{
    public Task<Cluster> GetAsync(GkeCluster cluster, CancellationToken cancellationToken) =>
        container.GetClusterAsync(cluster.ToName(), cancellationToken);

    public async Task<ClusterConnection> ConnectAsync(GkeCluster cluster, CancellationToken cancellationToken) =>
        Connect(await GetAsync(cluster, cancellationToken));

    /// <exception cref="MeshException">The cluster has no endpoint.</exception>
    public ClusterConnection Connect(Cluster cluster)
    {
        if (cluster.Endpoint.Length == 0)
        {
            throw new MeshException(
                "CLUSTER_ENDPOINT_MISSING",
                $"Cluster '{cluster.Name}' has no API server endpoint (its status is {cluster.Status}).",
                "Wait until the cluster is running, then try again.");
        }

        var address = new ClusterAddress(
            new Uri($"https://{cluster.Endpoint}"),
            cluster.MasterAuth?.ClusterCaCertificate is { Length: > 0 } encoded
                ? Encoding.ASCII.GetString(Convert.FromBase64String(encoded))
                : null);
        return connections.To(address, credentials.GetTokenAsync);
    }
}
