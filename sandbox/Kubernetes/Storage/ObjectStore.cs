using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Storage;

/// <summary>
/// The objects of a cluster, and the last changes to them. What is stored is never changed: who wants to change an object copies it
/// and puts the copy.
/// </summary>
internal sealed class ObjectStore
{
    // About what etcd keeps in five minutes of a small cluster.
    private const int KeptChanges = 2_000;

    // Those that somebody may still be told of; the older ones are packed, or a thousand clusters would not fit into memory.
    private const int OpenChanges = 16;

    private readonly Dictionary<string, SortedDictionary<ObjectKey, JsonObject>> _objects = new(StringComparer.Ordinal);
    private readonly Queue<StoreChange> _changes = new();
    private readonly Queue<PackedChange> _packed = new();

    /// <summary>Comes with every change, while it is made.</summary>
    public event Action<StoreChange>? Changed;

    /// <summary>The number of the last change.</summary>
    public long Revision { get; private set; } = 1_000;

    /// <summary>Changes up to this one are forgotten.</summary>
    public long Forgotten { get; private set; } = 1_000;

    public JsonObject? Find(ResourceKind kind, string ns, string name) =>
        _objects.GetValueOrDefault(kind.Stored.GroupResource)?.GetValueOrDefault(new ObjectKey(ns, name));

    /// <summary>How many objects of a kind there are.</summary>
    public int Count(ResourceKind kind) => _objects.GetValueOrDefault(kind.Stored.GroupResource)?.Count ?? 0;

    /// <summary>The objects of a kind, by namespace and name.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="ns">The namespace; null: all.</param>
    public IEnumerable<JsonObject> List(ResourceKind kind, string? ns = null)
    {
        if (!_objects.TryGetValue(kind.Stored.GroupResource, out var objects))
        {
            return [];
        }

        return ns is null
            ? objects.Values
            : objects.Where(pair => pair.Key.Namespace == ns).Select(pair => pair.Value);
    }

    /// <summary>The objects of a kind as they were after a change, which must not be forgotten, by namespace and name.</summary>
    public IEnumerable<JsonObject> ListAt(ResourceKind kind, string? ns, long revision)
    {
        var now = List(kind, ns);
        if (revision == Revision)
        {
            return now;
        }

        // What the first change since then found is what there was.
        var were = new Dictionary<ObjectKey, JsonObject?>();
        foreach (var change in After(revision, kind.Stored.GroupResource).Where(change => ns is null || change.Object.Namespace() == ns))
        {
            were.TryAdd(KeyOf(change.Object), change.Before);
        }

        return were.Count == 0
            ? now
            : now.Where(found => !were.ContainsKey(KeyOf(found))).Concat(were.Values.OfType<JsonObject>()).OrderBy(KeyOf);
    }

    /// <summary>Stores an object and gives it a resourceVersion.</summary>
    public JsonObject Put(ResourceKind kind, JsonObject changed)
    {
        kind = kind.Stored;
        if (!_objects.TryGetValue(kind.GroupResource, out var objects))
        {
            objects = [];
            _objects.Add(kind.GroupResource, objects);
        }

        var key = KeyOf(changed);
        var before = objects.GetValueOrDefault(key);
        changed.Metadata()["resourceVersion"] = (++Revision).ToString(CultureInfo.InvariantCulture);
        objects[key] = changed;
        Note(new StoreChange(Revision, kind, before, changed));
        return changed;
    }

    /// <summary>Takes an object away.</summary>
    /// <returns>The object with the resourceVersion of its end; null: it wasn't there.</returns>
    public JsonObject? Remove(ResourceKind kind, string ns, string name)
    {
        kind = kind.Stored;
        if (_objects.GetValueOrDefault(kind.GroupResource) is not { } objects || !objects.Remove(new ObjectKey(ns, name), out var before))
        {
            return null;
        }

        var last = before.Copy();
        last.Metadata()["resourceVersion"] = (++Revision).ToString(CultureInfo.InvariantCulture);
        Note(new StoreChange(Revision, kind, before, After: null));
        return last;
    }

    /// <summary>The changes after a revision, which must not be forgotten.</summary>
    public IEnumerable<StoreChange> After(long revision) => _packed
        .SkipWhile(change => change.Revision <= revision)
        .Select(change => change.Unpack())
        .Concat(_changes.SkipWhile(change => change.Revision <= revision));

    private IEnumerable<StoreChange> After(long revision, string groupResource) => _packed
        .Where(change => change.Revision > revision && change.Kind.GroupResource == groupResource)
        .Select(change => change.Unpack())
        .Concat(_changes.Where(change => change.Revision > revision && change.Kind.GroupResource == groupResource));

    /// <summary>All objects, by the group and the resource of their kinds.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<JsonObject>> Save() =>
        _objects.ToDictionary(kind => kind.Key, kind => (IReadOnlyList<JsonObject>)[.. kind.Value.Values], StringComparer.Ordinal);

    /// <summary>
    /// Puts other objects in the place of all, as they are. The number of the last change only grows, and all changes up to it are
    /// forgotten: whoever knows anything of before has to list again.
    /// </summary>
    public void Restore(IReadOnlyDictionary<string, IReadOnlyList<JsonObject>> objects, long revision)
    {
        _changes.Clear();
        _packed.Clear();
        _objects.Clear();
        Revision = Math.Max(Revision, revision) + 1;
        Forgotten = Revision;
        foreach (var (groupResource, found) in objects)
        {
            var kept = new SortedDictionary<ObjectKey, JsonObject>();
            foreach (var each in found)
            {
                kept[KeyOf(each)] = each;
            }

            _objects.Add(groupResource, kept);
        }
    }

    private static ObjectKey KeyOf(JsonObject node) => new(node.Namespace(), node.Name());

    private void Note(StoreChange change)
    {
        _changes.Enqueue(change);
        if (_changes.Count > OpenChanges)
        {
            _packed.Enqueue(PackedChange.Of(_changes.Dequeue()));
        }

        if (_packed.Count + _changes.Count > KeptChanges)
        {
            Forgotten = _packed.Dequeue().Revision;
        }

        Changed?.Invoke(change);
    }

    private readonly record struct ObjectKey(string Namespace, string Name) : IComparable<ObjectKey>
    {
        public int CompareTo(ObjectKey other) => string.CompareOrdinal(Namespace, other.Namespace) is var order and not 0
            ? order
            : string.CompareOrdinal(Name, other.Name);
    }
}
