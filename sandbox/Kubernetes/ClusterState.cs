using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Hosting;
using MeshWorkflow.Sandbox.Kubernetes.Access;
using MeshWorkflow.Sandbox.Kubernetes.Admission;
using MeshWorkflow.Sandbox.Kubernetes.Controllers;
using MeshWorkflow.Sandbox.Kubernetes.Events;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Pods;
using MeshWorkflow.Sandbox.Kubernetes.Storage;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;
using Microsoft.Extensions.Logging;

namespace MeshWorkflow.Sandbox.Kubernetes;

/// <summary>What a cluster consists of, for those who work on it. Used under the world's gate.</summary>
internal sealed class ClusterState : IDisposable
{
    /// <summary>How far away <see cref="LookAgain"/> looks at most.</summary>
    public static readonly TimeSpan FurthestLook = TimeSpan.FromDays(1);

    private readonly Journal _journal;
    private readonly Dictionary<IController, ControllerLoop> _loops = [];

    public ClusterState(WorldCluster world, SandboxOptions options, WorldGate gate, Journal journal)
    {
        World = world;
        Options = options;
        Gate = gate;
        _journal = journal;
        Scheduler = new Scheduler(gate, options.Time, options.Loggers.CreateLogger<Scheduler>());
        Writer = new ObjectWriter(this);
        Pods = new PodRunner(this);
        Events = new EventRecorder(this);
        Tokens = new ServiceAccountTokens(Store, options.Time, world.Issuer);
    }

    public WorldCluster World { get; }

    public SandboxOptions Options { get; }

    public WorldGate Gate { get; }

    public TimeProvider Time => Options.Time;

    /// <summary>Ends with the cluster.</summary>
    public CancellationToken Stopping => Scheduler.Stopping;

    /// <summary>Comes when all objects were replaced by those of a saved state.</summary>
    public event Action? Restored;

    public Catalog Catalog { get; } = new();

    public ObjectStore Store { get; } = new();

    public Scheduler Scheduler { get; }

    public ObjectWriter Writer { get; }

    public PodRunner Pods { get; }

    public EventRecorder Events { get; }

    public ServiceAccountTokens Tokens { get; }

    /// <summary>Those who look at objects before they are stored.</summary>
    public List<IAdmission> Admissions { get; } = [];

    /// <summary>Those who say which pods don't come up.</summary>
    public List<IPodHealth> Health { get; } = [];

    /// <summary>The number of the last pod's address.</summary>
    public int LastAddress { get; set; } = 10;

    /// <summary>The number of the last service's address.</summary>
    public int LastServiceAddress { get; set; } = 10;

    /// <summary>The number of the next pod's address.</summary>
    public int NextAddress() => ++LastAddress;

    /// <summary>The number of the next service's address.</summary>
    public int NextServiceAddress() => ++LastServiceAddress;

    /// <summary>Adds a controller.</summary>
    public void Run(IController controller) => _loops[controller] = new ControllerLoop(this, controller);

    /// <summary>Has a controller look at an object after a while, <see cref="FurthestLook"/> at most, whatever happens to it until then.</summary>
    public void LookAgain(IController controller, ObjectRef target, TimeSpan delay) =>
        _loops[controller].Look(target, TimeSpan.FromTicks(Math.Clamp(delay.Ticks, 0, FurthestLook.Ticks)));

    /// <summary>Begins anew after all objects were replaced: nothing of before goes on, and whatever they ask for is looked at.</summary>
    public void Restart()
    {
        Scheduler.Forget();
        Restored?.Invoke();
        var all = Catalog.StoredKinds.SelectMany(kind => Store.List(kind).Select(found => new StoreChange(Store.Revision, kind, Before: null, found))).ToList();
        foreach (var loop in _loops.Values)
        {
            loop.Restart(all);
        }

        Pods.Resume();
    }

    /// <summary>Looks again at whether a pod is well that runs already.</summary>
    public void Recheck(ObjectRef pod) => Pods.Recheck(pod);

    /// <summary>The kind of an object; null: there is no such kind any more.</summary>
    public ResourceKind? KindOf(ObjectRef target) => Catalog.Kinds.FirstOrDefault(kind => kind.GroupResource == target.GroupResource);

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
