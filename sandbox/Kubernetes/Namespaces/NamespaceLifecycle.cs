using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Namespaces;

/// <summary>Fills new namespaces with what each has, and empties those that are to go.</summary>
internal sealed class NamespaceLifecycle
{
    private static readonly ResourceKind Kind = BuiltinKinds.Find("", "namespaces");
    private static readonly WriteFacts Facts = new("kube-controller-manager");
    private readonly ClusterState _cluster;
    private readonly Dictionary<string, TaskCompletionSource> _ends = new(StringComparer.Ordinal);
    private readonly NamespaceDefaults _defaults;

    public NamespaceLifecycle(ClusterState cluster, string authority)
    {
        _cluster = cluster;
        _defaults = new NamespaceDefaults(cluster, authority);
        cluster.Store.Changed += OnChange;
        cluster.Restored += OnRestored;
    }

    /// <summary>Ends when a namespace that is about to go has gone.</summary>
    public Task EndOf(string name) => _ends.TryGetValue(name, out var end) ? end.Task : Task.CompletedTask;

    /// <summary>Makes the namespaces that every cluster has.</summary>
    public void Seed()
    {
        foreach (var name in (string[])["default", "kube-node-lease", "kube-public", "kube-system"])
        {
            _cluster.Writer.Create(Kind, new JsonObject
            {
                ["kind"] = "Namespace",
                ["apiVersion"] = "v1",
                ["metadata"] = new JsonObject { ["name"] = name },
            }, Facts);
            _defaults.Fill(name);
        }
    }

    private void OnChange(StoreChange change)
    {
        if (change.Kind.GroupResource != Kind.GroupResource)
        {
            if (change.After is null && change.Kind.IsNamespaced)
            {
                _defaults.Restore(change);
            }

            return;
        }

        var name = change.Object.Name();
        if (change.After is null)
        {
            if (_ends.Remove(name, out var end))
            {
                end.TrySetResult();
            }
        }
        else if (change.Before is null)
        {
            _cluster.Scheduler.After(_cluster.Options.ReactionTime, () => _defaults.Fill(name));
        }
        else if (change.After.IsTerminating() && !change.Before.IsTerminating())
        {
            End(name);
        }
    }

    // Whoever waits for an end of before has waited long enough: that namespace is as it was saved.
    private void OnRestored()
    {
        foreach (var end in _ends.Values)
        {
            end.TrySetResult();
        }

        _ends.Clear();
        foreach (var found in _cluster.Store.List(Kind))
        {
            var name = found.Name();
            if (found.IsTerminating())
            {
                End(name);
            }
            else
            {
                _cluster.Scheduler.After(_cluster.Options.ReactionTime, () => _defaults.Fill(name));
            }
        }
    }

    private void End(string name)
    {
        _ends[name] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _cluster.Scheduler.After(_cluster.Options.TerminationTime, () => Empty(name));
    }

    private void Empty(string name)
    {
        if (_cluster.Store.Find(Kind, "", name) is not { } found || !found.IsTerminating())
        {
            return;
        }

        var effects = new List<string>();
        var facts = Facts with { Effects = effects };
        foreach (var (kind, content) in Contents(name))
        {
            _cluster.Writer.Delete(kind, content, new DeleteWish { Propagation = "Background" }, facts);
        }

        var left = Contents(name);
        if (left.Count == 0)
        {
            Finalize(name, facts);
        }
        else
        {
            _cluster.Writer.Update(Kind, found, NamespaceConditions.Waiting(found, left, _cluster.Time.GetUtcNow()), facts with { Subresource = "status" });
            _cluster.Scheduler.After(_cluster.Options.TerminationTime, () => Empty(name));
        }

        _cluster.NoteEnd(_cluster.FullName(Kind, "", name), effects);
    }

    private void Finalize(string name, WriteFacts facts)
    {
        if (_cluster.Store.Find(Kind, "", name) is { } found)
        {
            var wanted = found.Copy();
            wanted["spec"] = new JsonObject();
            _cluster.Writer.Update(Kind, found, wanted, facts with { Subresource = "finalize" });
        }
    }

    private List<(ResourceKind Kind, JsonObject Content)> Contents(string name) =>
        [.. _cluster.Catalog.StoredKinds.Where(kind => kind.IsNamespaced).SelectMany(kind => _cluster.Store.List(kind, name).Select(found => (kind, found)))];
}
