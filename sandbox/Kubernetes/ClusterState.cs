using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Hosting;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;
using Microsoft.Extensions.Logging;

namespace MeshWorkflow.Sandbox.Kubernetes;

/// <summary>What a cluster consists of, for those who work on it. Used under the world's gate.</summary>
internal sealed class ClusterState : IDisposable
{
    private readonly Journal _journal;

    public ClusterState(WorldCluster world, SandboxOptions options, WorldGate gate, Journal journal)
    {
        World = world;
        Options = options;
        Gate = gate;
        _journal = journal;
        Scheduler = new Scheduler(gate, options.Time, options.Loggers.CreateLogger<Scheduler>());
        Writer = new ObjectWriter(this);
    }

    public WorldCluster World { get; }

    public SandboxOptions Options { get; }

    public WorldGate Gate { get; }

    public TimeProvider Time => Options.Time;

    public Catalog Catalog { get; } = new();

    public ObjectStore Store { get; } = new();

    public Scheduler Scheduler { get; }

    public ObjectWriter Writer { get; }

    /// <summary>The full name of an object, or of all objects of a kind in a namespace.</summary>
    public string FullName(ResourceKind kind, string ns, string name)
    {
        var place = kind.IsNamespaced && ns.Length > 0 ? $"/namespaces/{ns}" : "";
        var group = kind.Group.Length > 0 ? $"/{kind.Group}" : "";
        return $"//container.googleapis.com/projects/{World.Project}/locations/{World.Location}/clusters/{World.Name}/k8s"
            + $"{place}{group}/{kind.Plural}{(name.Length > 0 ? $"/{name}" : "")}";
    }

    public string FullName(ResourceKind kind, JsonObject found) => FullName(kind, found.Namespace(), found.Name());

    /// <summary>Notes what was changed without a call.</summary>
    public void NoteEnd(string resource, IReadOnlyList<string> effects) => _journal.AddEnd("kubernetes", resource, effects);

    public void Dispose() => Scheduler.Dispose();
}
