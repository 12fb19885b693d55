namespace Dapr.Workflow.Replay;

/// <summary>
/// Holds a turn's code on the turn's thread. A continuation that comes from elsewhere shows that the code awaited something
/// foreign; it is never run, because a replay would not see it again.
/// </summary>
internal sealed class TurnSynchronizationContext(Action foreignContinuation) : SynchronizationContext
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();
    private volatile bool _ended;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (_ended || Environment.CurrentManagedThreadId != _thread)
        {
            foreignContinuation();
            return;
        }

        _posted.Enqueue((d, state));
    }

    public override void Send(SendOrPostCallback d, object? state) => Post(d, state);

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs what the code posted to itself (Task.Yield and the like).</summary>
    public void Drain()
    {
        while (_posted.TryDequeue(out var next))
        {
            next.Callback(next.State);
        }
    }

    public void End() => _ended = true;
}
