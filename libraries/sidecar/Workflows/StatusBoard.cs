using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>Who waits for which instance to get where. It doesn't matter whether the instance exists yet.</summary>
internal sealed class StatusBoard
{
    private readonly Lock _gate = new();
    private readonly Dictionary<InstanceKey, List<Waiter>> _waiters = [];
    private bool _isClosed;

    /// <summary>Waits for a status.</summary>
    /// <param name="key">The instance.</param>
    /// <param name="wanted">Which statuses end the wait.</param>
    /// <param name="current">Reads the status that it has now; asked after the wait has begun, so that no change is missed.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task WaitAsync(
        InstanceKey key,
        Func<OrchestrationStatus, bool> wanted,
        Func<OrchestrationStatus?> current,
        CancellationToken cancellationToken)
    {
        var waiter = new Waiter(wanted);
        lock (_gate)
        {
            if (_isClosed)
            {
                throw WorkflowRefusedException.ShuttingDown();
            }

            if (!_waiters.TryGetValue(key, out var list))
            {
                _waiters[key] = list = [];
            }

            list.Add(waiter);
        }

        try
        {
            if (current() is { } status && wanted(status))
            {
                return;
            }

            await waiter.Reached.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            Remove(key, waiter);
        }
    }

    public void Publish(InstanceKey key, OrchestrationStatus status)
    {
        List<Waiter> reached;
        lock (_gate)
        {
            if (!_waiters.TryGetValue(key, out var list))
            {
                return;
            }

            reached = list.FindAll(waiter => waiter.Wanted(status));
        }

        reached.ForEach(waiter => waiter.Reached.TrySetResult());
    }

    /// <summary>Ends all waits: the sidecar stops. Clients ask the next one.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (var waiter in _waiters.Values.SelectMany(list => list))
            {
                waiter.Reached.TrySetException(WorkflowRefusedException.ShuttingDown());
            }
        }
    }

    private void Remove(InstanceKey key, Waiter waiter)
    {
        lock (_gate)
        {
            if (_waiters.TryGetValue(key, out var list) && list.Remove(waiter) && list.Count == 0)
            {
                _waiters.Remove(key);
            }
        }
    }

    private sealed record Waiter(Func<OrchestrationStatus, bool> Wanted)
    {
        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
