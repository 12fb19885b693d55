using MeshWorkflow.WorkflowContracts;

namespace Dapr.Workflow.Replay;

/// <summary>Events from outside: who waits for which, and which came before anybody waited. Names are compared without regard to case.</summary>
internal sealed class EventInbox
{
    private readonly List<HistoryEvent> _kept = [];
    private readonly Dictionary<string, Queue<Waiter>> _waiters = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Events that nobody waited for, in the order of their arrival.</summary>
    public IReadOnlyList<HistoryEvent> Kept => _kept;

    public bool AnyoneWaits => _waiters.Values.Any(queue => queue.Any(waiter => waiter.Waits));

    /// <summary>Gives an event to the first who waits for its name, or keeps it.</summary>
    public void Deliver(HistoryEvent raised)
    {
        if (_waiters.TryGetValue(raised.EventRaised.Name, out var queue))
        {
            while (queue.TryDequeue(out var waiter))
            {
                if (waiter.Waits)
                {
                    waiter.Receive(raised.EventRaised.Input);
                    return;
                }
            }
        }

        _kept.Add(raised);
    }

    /// <summary>Waits for an event; one that was kept is received before this returns.</summary>
    public Task<T> WaitAsync<T>(string name, Func<string?, T> read, out Waiter waiter)
    {
        var waiting = new Waiter<T>(read);
        waiter = waiting;
        var kept = _kept.FindIndex(raised => string.Equals(raised.EventRaised.Name, name, StringComparison.OrdinalIgnoreCase));
        if (kept >= 0)
        {
            var raised = _kept[kept];
            _kept.RemoveAt(kept);
            waiting.Receive(raised.EventRaised.Input);
            return waiting.Task;
        }

        if (!_waiters.TryGetValue(name, out var queue))
        {
            _waiters[name] = queue = new Queue<Waiter>();
        }

        queue.Enqueue(waiting);
        return waiting.Task;
    }

    internal abstract class Waiter
    {
        public abstract bool Waits { get; }

        public abstract void Receive(string? payload);

        public abstract void Cancel(CancellationToken cancellationToken = default);
    }

    private sealed class Waiter<T>(Func<string?, T> read) : Waiter
    {
        private readonly TaskCompletionSource<T> _source = new();

        public Task<T> Task => _source.Task;

        public override bool Waits => !_source.Task.IsCompleted;

        public override void Receive(string? payload)
        {
            T value;
            try
            {
                value = read(payload);
            }
            catch (Exception exception)
            {
                _source.TrySetException(exception);
                return;
            }

            _source.TrySetResult(value);
        }

        public override void Cancel(CancellationToken cancellationToken = default) => _source.TrySetCanceled(cancellationToken);
    }
}
