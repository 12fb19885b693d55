using MeshWorkflow.Sandbox.FaultPlans;
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
    private readonly Outages _outages;
    private readonly FaultRoom _room;

    /// <param name="options">How the sandbox runs.</param>
    /// <param name="clusterAuthority">The certificate authority of the clusters' API servers, PEM.</param>
    public SandboxWorld(SandboxOptions options, string clusterAuthority)
    {
        Journal = new Journal(options.Time, options.JournalSize);
        Faults = new Faults(options.Time);
        _outages = new Outages(options.Time);
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
            var isElsewhere = site.World.IsElsewhere;
            site.UseGoogleAccess((principal, permission) => !isElsewhere && Google.Access.Has(principal, permission, gke.RelativeName));
        }

        Google.MembershipTold = (cluster, spec) => sites.GetValueOrDefault(cluster)?.ShowMembership(spec);
        foreach (var (gke, site) in Clusters)
        {
            site.ShowMembership(Google.MembershipOf(gke));
        }

        Google.ApiServers = cluster => sites.GetValueOrDefault(cluster);
        foreach (var cluster in Clusters)
        {
            cluster.Gke.IsGone = () => _outages.IsGone(cluster.Gke.RelativeName);
            cluster.Site.Outages = _outages;
            cluster.Site.Extend(_ => new ClusterExtension { Health = [new PodFaults(Faults, cluster.Gke.RelativeName)] });
            cluster.Site.Extend(state => MeshBehaviour.Of(state, port => cluster.Site.World.IsElsewhere || Google.Firewalls.ControlPlaneReaches(cluster.Gke, port)));
        }

        Saves = new WorldSaves(
            options.World,
            [.. Google.SavedParts, .. Clusters.Select(cluster => cluster.Site)],
            Google.Operations,
            new WorldTraffic(_gate, Journal, options.Time));
        Faults.Running = (api, project) => Google.Operations.Running.Count(operation => operation.Target.StartsWith($"//{api}.googleapis.com/projects/{project}/", StringComparison.Ordinal));
        var traffic = new HandTraffic(_gate, Journal);
        _room = new FaultRoom(Faults, _outages, new OtherHands(SiteOf, Google.Tokens, traffic), cluster => Find(cluster)?.Gke.RelativeName, options.Time);
        Pipeline = new Pipeline(Google.Tokens, Faults, _room, Holds, traffic);
    }

    public GoogleCloud Google { get; }

    public IReadOnlyList<SandboxCluster> Clusters { get; }

    public Faults Faults { get; }

    public Holds Holds { get; } = new();

    public Journal Journal { get; }

    public Pipeline Pipeline { get; }

    public WorldSaves Saves { get; }

    /// <summary>Puts a plan of faults in the place of the last one.</summary>
    /// <exception cref="FaultPlanException">It is about what isn't in this world.</exception>
    public void Order(FaultPlan plan)
    {
        FaultPlanChecks.Check(plan, this);
        Faults.Order(plan);
    }

    /// <summary>A place where calls are held, or a fault at which they hang.</summary>
    public Holds.Hold? Hold(string id) => Holds.Find(id) ?? (Faults.Find(id) is { Fault.Act: Hang } fault ? fault.Hold : null);

    /// <summary>A cluster by its name or its relative name.</summary>
    public SandboxCluster? Find(string cluster) =>
        Clusters.FirstOrDefault(known => known.Gke.RelativeName == cluster || known.Gke.Name == cluster);

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
        _room.Dispose();
        _outages.Dispose();
        foreach (var cluster in Clusters)
        {
            cluster.Site.Dispose();
        }

        Google.Dispose();
    }

    private IApiSite? SiteOf(string cluster) => cluster.Length == 0 ? Google.Site : Find(cluster)?.Site;
}

/// <summary>A cluster: as Google sees it, and its API server.</summary>
/// <param name="Gke">As Google sees it.</param>
/// <param name="Site">Its API server.</param>
internal sealed record SandboxCluster(GkeCluster Gke, KubernetesCluster Site);
