using System.Collections.Concurrent;
using MeshWorkflow.Sidecar.Storage;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>
/// The instances in memory: those at work and the most recently used of the rest. What isn't here is read from the state file;
/// an instance is never in memory twice.
/// </summary>
internal sealed class InstanceCache
{
    private const int Stripes = 64;
    private const int Capacity = 3_000;
    private const int UsesBetweenWeighings = 1_024;

    // What histories in memory may weigh in messages; as objects they weigh some times that.
    private const long MaxWeight = 128L * 1024 * 1024;

    private readonly Database _database;
    private readonly ConcurrentDictionary<InstanceKey, Instance> _instances = new();
    private readonly Lock[] _stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new Lock())];
    private long _lastRow;
    private long _uses;
    private int _limit = Capacity;

    public InstanceCache(Database database)
    {
        _database = database;
        _lastRow = database.Read(PendingRows.LastKey);
    }

    public StatusBoard Board { get; } = new();

    public long NewRow() => Interlocked.Increment(ref _lastRow);

    /// <summary>Finds an instance, or answers null: there is none.</summary>
    public Instance? Find(InstanceKey key)
    {
        if (_instances.TryGetValue(key, out var instance))
        {
            Use(instance);
            return instance;
        }

        lock (Stripe(key))
        {
            if (_instances.TryGetValue(key, out instance))
            {
                return instance;
            }

            instance = _database.Read(connection => InstanceRows.Load(connection, key));
            if (instance is not null)
            {
                instance.LastUsed = Interlocked.Increment(ref _uses);
                _instances[key] = instance;
            }
        }

        Trim();
        return instance;
    }

    /// <summary>The children that an instance started itself and that are still known.</summary>
    public IReadOnlyList<Instance> ChildrenOf(Instance parent)
    {
        List<InstanceKey> keys;
        lock (parent.Gate)
        {
            keys = [.. parent.Execution.Children];
        }

        // A child that ended can be gone, its id used by somebody else; a rerun instance has its source's children in its history.
        return [.. keys.Select(Find).OfType<Instance>().Where(child => IsChild(child, parent.Key))];
    }

    /// <summary>Puts a new instance in the place of the one found before, if that is still the one there.</summary>
    public bool TryReplace(Instance? found, Instance instance)
    {
        lock (Stripe(instance.Key))
        {
            var current = Find(instance.Key);
            if (!ReferenceEquals(current, found))
            {
                return false;
            }

            if (found is not null)
            {
                lock (found.Gate)
                {
                    found.IsEvicted = true;
                }
            }

            instance.LastUsed = Interlocked.Increment(ref _uses);
            _instances[instance.Key] = instance;
        }

        Trim();
        return true;
    }

    /// <summary>Lets go of an instance; the next to ask reads what is on disk.</summary>
    public void Forget(Instance instance)
    {
        lock (instance.Gate)
        {
            instance.IsEvicted = true;
            _instances.TryRemove(new KeyValuePair<InstanceKey, Instance>(instance.Key, instance));
        }
    }

    /// <summary>Keeps an instance that has ended for those who ask how, but not for long: it is the first to go.</summary>
    public static void Retire(Instance instance) => instance.LastUsed = 0;

    private static bool IsChild(Instance instance, InstanceKey parent) =>
        instance.Started?.ExecutionStarted.ParentInstance is { } info
        && info.WorkflowInstance?.InstanceId == parent.Id
        && (!info.HasAppID || info.AppID == parent.App);

    // Idle means: all that is known of it is on disk.
    private static bool IsIdle(Instance instance) =>
        !instance.IsNew && instance.Turn is null && instance.Inbox.All(arrived => arrived.IsDurable);

    private void Use(Instance instance)
    {
        instance.LastUsed = Interlocked.Increment(ref _uses);
        if (instance.LastUsed % UsesBetweenWeighings == 0 && _instances.Values.Sum(other => other.Execution.Size) > MaxWeight)
        {
            Evict(_instances.Count / 4);
        }
    }

    private void Trim()
    {
        if (_instances.Count > Volatile.Read(ref _limit))
        {
            Evict(Capacity / 10);

            // Those at work stay, however many they are: they are not gone through again for each one more.
            Volatile.Write(ref _limit, Math.Max(Capacity, _instances.Count + (Capacity / 10)));
        }
    }

    private void Evict(int count)
    {
        foreach (var instance in _instances.Values.OrderBy(instance => instance.LastUsed).Take(count).ToList())
        {
            lock (instance.Gate)
            {
                if (IsIdle(instance))
                {
                    instance.IsEvicted = true;
                    _instances.TryRemove(new KeyValuePair<InstanceKey, Instance>(instance.Key, instance));
                }
            }
        }
    }

    private Lock Stripe(InstanceKey key) => _stripes[(uint)key.GetHashCode() % Stripes];
}
