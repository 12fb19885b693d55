using MeshWorkflow.Sandbox.Google.Container;
using MeshWorkflow.Sandbox.Google.Hub;
using MeshWorkflow.Sandbox.Google.ResourceManager;
using MeshWorkflow.Sandbox.Google.ServiceUsage;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Sandbox.Google;

/// <summary>All of the simulated Google Cloud, made from a world: its APIs, and what a host needs to know of them.</summary>
internal sealed class GoogleCloud : IDisposable
{
    /// <param name="world">What is there at the start.</param>
    /// <param name="gate">Keeps calls and ends of operations apart.</param>
    /// <param name="journal">Where ends of operations are noted.</param>
    /// <param name="timing">How long things take.</param>
    /// <param name="time">The clock.</param>
    public GoogleCloud(World world, WorldGate gate, Journal journal, GoogleTiming timing, TimeProvider time)
    {
        Tokens = new Tokens(time);
        Key = new ServiceAccountKey(world.ServiceAccount);
        Clusters = [.. world.Clusters.Select(cluster => new GkeCluster(cluster))];
        var projects = new Projects(world.Projects);
        var operations = new Operations(gate, journal, time, timing.Operations);
        var memberships = new Memberships(Clusters, operations, time);
        Site = new GoogleSite(
            [
                new ResourceManagerApi(projects),
                new ServiceUsageApi(projects),
                new ContainerApi(projects, Clusters, operations),
                new HubApi(projects, memberships, operations),
            ],
            new TokenEndpoint(Key, Tokens, time));
    }

    /// <summary>Answers every call of every API.</summary>
    public IApiSite Site { get; }

    /// <summary>The valid tokens.</summary>
    public Tokens Tokens { get; }

    /// <summary>The key of the world's service account.</summary>
    public ServiceAccountKey Key { get; }

    /// <summary>The clusters; the host sets where their API servers are.</summary>
    public IReadOnlyList<GkeCluster> Clusters { get; }

    /// <summary>What can be looked at.</summary>
    public IReadOnlyList<IWorldPart> Parts { get; } = [];

    /// <summary>The API server of a cluster, for what comes through Connect Gateway; the host sets it. Null: not reachable.</summary>
    public Func<GkeCluster, IApiSite?> ApiServers { get; set; } = _ => null;

    /// <summary>Where all of this listens; the host sets it. Answers that tell an address of an API tell it below this one.</summary>
    public Uri BaseAddress { get; set; } = new("http://localhost/");

    public void Dispose() => Key.Dispose();
}

/// <summary>How long things take in the simulated Google Cloud.</summary>
/// <param name="Operations">An operation.</param>
/// <param name="Enabling">From the end of enabling an API until its calls are served.</param>
/// <param name="Granting">From writing a policy until what it newly grants is in force.</param>
internal sealed record GoogleTiming(TimeSpan Operations, TimeSpan Enabling, TimeSpan Granting);
