using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.Sidecar.Storage;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>Makes instances: one per id. The id of an ended instance may be used again when its children have ended as well.</summary>
internal sealed class Births(Runtime runtime)
{
    /// <summary>Takes an id for a new instance. Nothing is stored yet.</summary>
    public Birth Reserve(InstanceKey key, HistoryEvent started, Timestamp? startAt = null)
    {
        while (true)
        {
            var found = runtime.Instances.Find(key);
            if (found is { IsTerminal: false })
            {
                return new Birth(BirthVerdict.Active, found);
            }

            if (found is not null && HasLivingDescendants(found))
            {
                return new Birth(BirthVerdict.DescendantsActive, found);
            }

            var instance = new Instance(key, runtime.Instances.NewRow(), found is null ? 0 : found.Generation + 1)
            {
                IsNew = true,
                CreatedAt = started.Timestamp,
                StartAt = startAt,
            };
            var arrived = instance.AddToInbox(started);
            if (runtime.Instances.TryReplace(found, instance))
            {
                return new Birth(BirthVerdict.Reserved, instance, arrived, found?.Row);
            }
        }
    }

    /// <summary>Takes an id for an instance that begins with a history. The id must never have been used.</summary>
    public Birth ReserveUnused(InstanceKey key, Timestamp now)
    {
        while (true)
        {
            if (runtime.Instances.Find(key) is { } found)
            {
                return new Birth(BirthVerdict.Active, found);
            }

            var instance = new Instance(key, runtime.Instances.NewRow(), generation: 0) { IsNew = true, CreatedAt = now };
            if (runtime.Instances.TryReplace(null, instance))
            {
                return new Birth(BirthVerdict.Reserved, instance);
            }
        }
    }

    public static void Store(Writer writer, Birth birth, string name)
    {
        if (birth.ReplacedRow is { } replaced)
        {
            InstanceRows.Delete(writer, replaced);
        }

        InstanceRows.Insert(writer, birth.Instance, name);
        if (birth.Started is { } started)
        {
            InstanceRows.InsertInbox(writer, birth.Instance.Row, started);
        }
    }

    public static void Store(Writer writer, Birth birth) => Store(writer, birth, birth.Started?.Event.ExecutionStarted.Name ?? "");

    /// <summary>Says that it is on disk.</summary>
    public void Complete(Birth birth)
    {
        runtime.Active.Began();
        lock (birth.Instance.Gate)
        {
            birth.Instance.IsNew = false;
            if (birth.Started is { } started)
            {
                started.IsQueued = true;
                started.IsDurable = true;
            }
        }
    }

    /// <summary>Gives the id back.</summary>
    public void Cancel(Birth birth) => runtime.Instances.Forget(birth.Instance);

    private bool HasLivingDescendants(Instance instance) =>
        runtime.Instances.ChildrenOf(instance).Any(child => !child.IsTerminal || HasLivingDescendants(child));
}
