using MeshWorkflow.Sandbox.Google;
using MeshWorkflow.Sandbox.Google.Container;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Sandbox.Hosting;

/// <summary>All that a sandbox simulates.</summary>
internal sealed class SandboxWorld : IDisposable
{
    private readonly WorldGate _gate = new();

    public SandboxWorld(SandboxOptions options)
    {
        Journal = new Journal(options.Time);
        Google = new GoogleCloud(
            options.World,
            _gate,
            Journal,
            new GoogleTiming(options.OperationTime, options.EnablingTime, options.GrantingTime),
            options.Time);
        Clusters = [];
        Pipeline = new Pipeline(Google.Tokens, Faults, Holds, Journal, _gate);
    }

    public GoogleCloud Google { get; }

    public IReadOnlyList<SandboxCluster> Clusters { get; }

    public Faults Faults { get; } = new();

    public Holds Holds { get; } = new();

    public Journal Journal { get; }

    public Pipeline Pipeline { get; }

    public WorldSnapshot Snapshot()
    {
        lock (_gate.Gate)
        {
            return new WorldSnapshot(Google.Parts.SelectMany(part => part.Resources()).ToDictionary(
                resource => resource.Key, resource => resource.Value.DeepClone(), StringComparer.Ordinal));
        }
    }

    public void Dispose() => Google.Dispose();
}

/// <summary>A cluster: as Google sees it, and its API server.</summary>
/// <param name="Gke">As Google sees it.</param>
/// <param name="Site">Its API server.</param>
internal sealed record SandboxCluster(GkeCluster Gke, IApiSite Site);
