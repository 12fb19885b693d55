using MeshWorkflow.Sandbox.Hosting;
using MeshWorkflow.Tests.Simulator.Drawing;

namespace MeshWorkflow.Tests.Simulator.Running;

/// <summary>Lets go what hangs, each a while after it has met something.</summary>
internal sealed class Releases(SandboxHost sandbox, IEnumerable<Release> releases)
{
    private readonly List<Release> _open = [.. releases];
    private readonly Dictionary<string, long> _met = new(StringComparer.Ordinal);

    /// <summary>How often those met something that were let go.</summary>
    public int Met { get; private set; }

    public void LetGo()
    {
        if (_open.Count == 0)
        {
            return;
        }

        foreach (var met in sandbox.Faults().Where(fault => fault.Met > 0))
        {
            _met.TryAdd(met.Name, TimeProvider.System.GetTimestamp());
        }

        foreach (var due in _open.Where(release => release.After >= TimeSpan.Zero && _met.TryGetValue(release.Name, out var since)
            && TimeProvider.System.GetElapsedTime(since) >= release.After).ToList())
        {
            End(due);
        }
    }

    /// <summary>Lets go the rest, before the faults are taken back: what is dropped has no late effect.</summary>
    public void LetAllGo() => _open.ToList().ForEach(End);

    private void End(Release release)
    {
        Met += sandbox.Faults().Where(fault => fault.Name == release.Name).Sum(fault => fault.Met);
        sandbox.Release(release.Name, release.Action);
        sandbox.Cancel(release.Name);
        _open.Remove(release);
    }
}
