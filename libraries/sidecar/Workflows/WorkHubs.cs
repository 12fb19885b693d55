using System.Collections.Concurrent;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>The work of every app, by app id.</summary>
internal sealed class WorkHubs(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, WorkHub> _hubs = new(StringComparer.Ordinal);

    public WorkHub this[string app] => _hubs.GetOrAdd(app, id => new WorkHub(id, time));

    public IEnumerable<WorkHub> All => _hubs.Values;
}
