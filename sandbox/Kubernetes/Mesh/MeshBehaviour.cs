namespace MeshWorkflow.Sandbox.Kubernetes.Mesh;

/// <summary>How clusters behave once somebody installs Istio in them.</summary>
internal static class MeshBehaviour
{
    /// <summary>Makes a cluster's behaviour.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="reaches">Whether the API server reaches a port of the nodes: webhooks need 15017.</param>
    public static ClusterExtension Of(ClusterState cluster, Func<int, bool> reaches)
    {
        var istiods = new Istiods(cluster);
        var roots = new MeshRoots(cluster);
        var webhooks = new WebhookCalls(cluster, istiods, reaches);
        return new ClusterExtension
        {
            Admissions = [new Injector(cluster, istiods, webhooks), new Validator(cluster, webhooks)],
            Controllers = [new IstiodController(cluster, istiods, roots)],
            Health = [new IstiodHealth(cluster, roots), new ProxyHealth()],
        };
    }
}
