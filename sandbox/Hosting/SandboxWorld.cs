using MeshWorkflow.Sandbox.Google;
using MeshWorkflow.Sandbox.Google.Container;
using MeshWorkflow.Sandbox.Kubernetes;
using MeshWorkflow.Sandbox.Kubernetes.Mesh;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Sandbox.Hosting;

/// <summary>All that a sandbox simulates.</summary>
internal sealed class SandboxWorld : IDisposable
{
    private readonly WorldGate _gate = new();

    /// <param name="options">How the sandbox runs.</param>
    /// <param name="clusterAuthority">The certificate authority of the clusters' API servers, PEM.</param>
    public SandboxWorld(SandboxOptions options, string clusterAuthority)
    {
        Journal = new Journal(options.Time);
        Google = new GoogleCloud(
            options.World,
            new GoogleTraffic(_gate, Journal, Faults),
            new GoogleTiming(options.OperationTime, options.EnablingTime, options.GrantingTime),
            options.Time);
        Clusters = [.. options.World.Clusters.Zip(Google.Clusters).Select(pair => new SandboxCluster(
            pair.Second, new KubernetesCluster(pair.First, clusterAuthority, options, _gate, Journal)))];
        var sites = Clusters.ToDictionary(cluster => cluster.Gke, cluster => cluster.Site);
        foreach (var (gke, site) in Clusters)
        {
            site.UseGoogleTokens(Google.Tokens);
            site.UseGoogleAccess((principal, permission) => Google.Access.Has(principal, permission, gke.RelativeName));
        }

        Google.ApiServers = cluster => sites.GetValueOrDefault(cluster);
        foreach (var cluster in Clusters)
        {
            cluster.Site.Extend(state => MeshBehaviour.Of(state, port => Google.Firewalls.ControlPlaneReaches(cluster.Gke, port)));
        }

        Saves = new WorldSaves(
            options.World,
            [.. Google.SavedParts, .. Clusters.Select(cluster => cluster.Site)],
            Google.Operations,
            new WorldTraffic(_gate, Journal, options.Time));
        Pipeline = new Pipeline(Google.Tokens, Faults, Holds, Journal, _gate);
    }

    public GoogleCloud Google { get; }

    public IReadOnlyList<SandboxCluster> Clusters { get; }

    public Faults Faults { get; } = new();

    public Holds Holds { get; } = new();

    public Journal Journal { get; }

    public Pipeline Pipeline { get; }

    public WorldSaves Saves { get; }

    public WorldSnapshot Snapshot()
    {
        lock (_gate.Gate)
        {
            var parts = Google.Parts.Concat(Clusters.Select(cluster => cluster.Site));
            return new WorldSnapshot(parts.SelectMany(part => part.Resources()).ToDictionary(
                resource => resource.Key, resource => resource.Value.DeepClone(), StringComparer.Ordinal));
        }
    }

    public void Dispose()
    {
        foreach (var cluster in Clusters)
        {
            cluster.Site.Dispose();
        }

        Google.Dispose();
    }
}

/// <summary>A cluster: as Google sees it, and its API server.</summary>
/// <param name="Gke">As Google sees it.</param>
/// <param name="Site">Its API server.</param>
internal sealed record SandboxCluster(GkeCluster Gke, KubernetesCluster Site);
