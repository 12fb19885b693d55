using MeshWorkflow.Sidecar.Storage;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>Takes events for instances: has each stored, and lets the instance's next turn begin.</summary>
internal sealed class EventIntake(Runtime runtime, TurnRunner turns)
{
    private readonly Deliveries _deliveries = new(runtime.Instances);

    /// <summary>Stores an event.</summary>
    /// <param name="key">Its instance.</param>
    /// <param name="historyEvent">The event.</param>
    /// <param name="run">The run that it belongs to, if it belongs to one.</param>
    /// <param name="also">What is stored together with it.</param>
    /// <returns>Whether anybody takes it: a task that ends when it is on disk.</returns>
    public async Task<bool> AddAsync(
        InstanceKey key, HistoryEvent historyEvent, RunId? run = null, Action<Writer, Instance>? also = null)
    {
        var delivery = _deliveries.Reserve(key, historyEvent, instance => run is null || instance.Run == run);
        if (delivery is null)
        {
            return false;
        }

        var stored = runtime.Database.CommitWithNextAsync(
            writer =>
            {
                Deliveries.Store(writer, delivery);
                also?.Invoke(writer, delivery.Receiver);
            },
            () => delivery.Arrived.IsLost = true);

        // The worker may begin meanwhile: its answer is stored behind the event, in the same commit if it is quick.
        Deliveries.Queue(delivery);
        turns.Poke(delivery.Receiver);
        try
        {
            await stored;
        }
        catch
        {
            Deliveries.Cancel(delivery);
            throw;
        }

        Deliveries.Complete(delivery);
        return true;
    }
}
