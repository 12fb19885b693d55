using MeshWorkflow.Sidecar.Storage;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>Puts events into inboxes: a place is taken first, then the event is sent to the disk, then turns may see it.</summary>
internal sealed class Deliveries(InstanceCache instances)
{
    /// <summary>Takes a place for an event, or answers null: there is no such instance, it has ended, or the event isn't for its present run.</summary>
    public Delivery? Reserve(InstanceKey key, HistoryEvent historyEvent, Func<Instance, bool>? accepts = null)
    {
        while (instances.Find(key) is { } instance)
        {
            lock (instance.Gate)
            {
                if (instance.IsEvicted)
                {
                    continue;
                }

                return instance.IsTerminal || accepts?.Invoke(instance) is false
                    ? null
                    : new Delivery(instance, instance.AddToInbox(historyEvent));
            }
        }

        return null;
    }

    public static void Store(Writer writer, Delivery delivery) =>
        InstanceRows.InsertInbox(writer, delivery.Receiver.Row, delivery.Arrived);

    /// <summary>Says that it is on its way to the disk, ahead of whatever is stored from now on.</summary>
    public static void Queue(Delivery delivery)
    {
        lock (delivery.Receiver.Gate)
        {
            delivery.Arrived.IsQueued = !delivery.Arrived.IsLost;
        }
    }

    /// <summary>Says that it is on disk.</summary>
    public static void Complete(Delivery delivery)
    {
        lock (delivery.Receiver.Gate)
        {
            delivery.Arrived.IsQueued = true;
            delivery.Arrived.IsDurable = true;
        }
    }

    /// <summary>Gives the place back: it could not be stored.</summary>
    public static void Cancel(Delivery delivery)
    {
        lock (delivery.Receiver.Gate)
        {
            delivery.Receiver.RemoveFromInbox([delivery.Arrived]);
        }
    }
}
