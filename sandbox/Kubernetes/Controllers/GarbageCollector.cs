using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Controllers;

/// <summary>Deletes what was owned by what is gone, or lets go of it, as the owner's deletion asked for.</summary>
internal sealed class GarbageCollector(ClusterState cluster) : IController
{
    public const string Foreground = "foregroundDeletion";
    public const string Orphan = "orphan";
    private static readonly WriteFacts Facts = new("kube-controller-manager");

    // Which objects there are, and which say that they are owned, by uid.
    private readonly Dictionary<string, ObjectRef> _objects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<ObjectRef>> _dependents = new(StringComparer.Ordinal);

    public IEnumerable<ObjectRef> Affected(StoreChange change)
    {
        var target = ObjectRef.To(change.Kind, change.Object);
        Index(change, target);
        if (change.After is null)
        {
            // The owners wait for it, and what it owned is to be looked at.
            var owners = change.Object.OwnerReferences().Select(owner => _objects.GetValueOrDefault(owner.Text("uid")));
            return [.. Dependents(change.Object.Uid()), .. owners.Where(owner => owner.Name is not null)];
        }

        var isNews = change.After.OwnerReferences().Any() || (change.After.IsTerminating() && change.After.Finalizers().Count > 0);
        return isNews ? [target] : [];
    }

    public void Forget()
    {
        _objects.Clear();
        _dependents.Clear();
    }

    public void Reconcile(ObjectRef target)
    {
        if (cluster.KindOf(target) is not { } kind || cluster.Store.Find(kind, target.Namespace, target.Name) is not { } found)
        {
            return;
        }

        if (found.IsTerminating() && found.Finalizers().Contains(Orphan))
        {
            Release(kind, found);
        }
        else if (found.IsTerminating() && found.Finalizers().Contains(Foreground))
        {
            DeleteFirst(kind, found);
        }
        else if (found.OwnerReferences().Any())
        {
            Collect(kind, found);
        }
    }

    private IReadOnlyList<ObjectRef> Dependents(string uid) => _dependents.TryGetValue(uid, out var found) ? [.. found] : [];

    private void Index(StoreChange change, ObjectRef target)
    {
        foreach (var owner in change.Before?.OwnerReferences() ?? [])
        {
            if (_dependents.TryGetValue(owner.Text("uid"), out var owned) && owned.Remove(target) && owned.Count == 0)
            {
                _dependents.Remove(owner.Text("uid"));
            }
        }

        if (change.After is null)
        {
            _objects.Remove(change.Object.Uid());
            return;
        }

        _objects[change.After.Uid()] = target;
        foreach (var owner in change.After.OwnerReferences())
        {
            if (!_dependents.TryGetValue(owner.Text("uid"), out var owned))
            {
                _dependents[owner.Text("uid")] = owned = [];
            }

            owned.Add(target);
        }
    }

    // Deletes an object whose owners are all gone; of others only the references to the gone ones go.
    private void Collect(ResourceKind kind, JsonObject found)
    {
        var owners = found.OwnerReferences().ToList();
        var gone = owners.Where(owner => !_objects.ContainsKey(owner.Text("uid"))).ToList();
        if (gone.Count == owners.Count)
        {
            cluster.Writer.Delete(kind, found, new DeleteWish { Propagation = "Background" }, Facts);
        }
        else if (gone.Count > 0)
        {
            RemoveOwners(kind, found, gone.Select(owner => owner.Text("uid")));
        }
    }

    private void Release(ResourceKind kind, JsonObject owner)
    {
        foreach (var (dependentKind, dependent) in Found(owner))
        {
            RemoveOwners(dependentKind, dependent, [owner.Uid()]);
        }

        RemoveFinalizer(kind, owner, Orphan);
    }

    private void DeleteFirst(ResourceKind kind, JsonObject owner)
    {
        var dependents = Found(owner).ToList();
        foreach (var (dependentKind, dependent) in dependents.Where(item => !item.Found.IsTerminating()))
        {
            cluster.Writer.Delete(dependentKind, dependent, new DeleteWish { Propagation = "Foreground" }, Facts);
        }

        var isBlocked = Found(owner).Any(item => item.Found.OwnerReferences()
            .Any(reference => reference.Text("uid") == owner.Uid() && reference.Flag("blockOwnerDeletion")));
        if (!isBlocked)
        {
            RemoveFinalizer(kind, owner, Foreground);
        }
    }

    private IEnumerable<(ResourceKind Kind, JsonObject Found)> Found(JsonObject owner)
    {
        foreach (var dependent in Dependents(owner.Uid()))
        {
            if (cluster.KindOf(dependent) is { } kind && cluster.Store.Find(kind, dependent.Namespace, dependent.Name) is { } found)
            {
                yield return (kind, found);
            }
        }
    }

    private void RemoveOwners(ResourceKind kind, JsonObject found, IEnumerable<string> uids)
    {
        var wanted = found.Copy();
        var gone = uids.ToHashSet(StringComparer.Ordinal);
        wanted.Metadata()["ownerReferences"] = new JsonArray([.. found.OwnerReferences()
            .Where(owner => !gone.Contains(owner.Text("uid"))).Select(owner => owner.DeepClone())]);
        cluster.Writer.Update(kind, found, wanted, Facts);
    }

    private void RemoveFinalizer(ResourceKind kind, JsonObject found, string finalizer)
    {
        if (cluster.Store.Find(kind, found.Namespace(), found.Name()) is { } current)
        {
            var wanted = current.Copy();
            wanted.Metadata()["finalizers"] = new JsonArray([.. current.Finalizers().Where(name => name != finalizer).Select(name => (JsonNode)name)]);
            cluster.Writer.Update(kind, current, wanted, Facts);
        }
    }
}
