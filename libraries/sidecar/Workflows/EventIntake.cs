using MeshWorkflow.Sidecar.Storage;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>Takes events for instances: stores each, then lets the instance's next turn begin.</summary>
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

        try
        {
            await runtime.Database.CommitAsync(writer =>
            {
                Deliveries.Store(writer, delivery);
                also?.Invoke(writer, delivery.Receiver);
            });
        }
        catch
        {
            Deliveries.Cancel(delivery);
            throw;
        }

        Deliveries.Complete(delivery);
        turns.Poke(delivery.Receiver);
        return true;
    }
}
