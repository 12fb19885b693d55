using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Controllers;

/// <summary>Has controllers look at what has changed: each object once, a reaction time later.</summary>
internal sealed class ControllerLoop
{
    private readonly ClusterState _cluster;
    private readonly IController _controller;
    private readonly HashSet<ObjectRef> _pending = [];

    public ControllerLoop(ClusterState cluster, IController controller)
    {
        _cluster = cluster;
        _controller = controller;
        cluster.Store.Changed += OnChange;
    }

    /// <summary>Has the controller look at an object after a while.</summary>
    public void Look(ObjectRef target, TimeSpan delay) => _cluster.Scheduler.After(delay, () => Reconcile(target));

    /// <summary>Begins anew with objects that have replaced all of before.</summary>
    public void Restart(IEnumerable<StoreChange> all)
    {
        _pending.Clear();
        _controller.Forget();
        foreach (var found in all)
        {
            OnChange(found);
        }
    }

    private void OnChange(StoreChange change)
    {
        foreach (var target in _controller.Affected(change))
        {
            if (_pending.Add(target))
            {
                Look(target, _cluster.Options.ReactionTime);
            }
        }
    }

    private void Reconcile(ObjectRef target)
    {
        _pending.Remove(target);
        try
        {
            _controller.Reconcile(target);
        }
        catch (KubeFailure)
        {
            // Refused, as any caller can be: a quota, a webhook, a namespace that goes. It tries again, as real controllers do.
            if (_pending.Add(target))
            {
                Look(target, _cluster.Options.RetryTime);
            }
        }
    }
}
