namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>What is due when, across all instances. One system timer, set to the earliest.</summary>
internal sealed class TimerQueue : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly PriorityQueue<Action, DateTimeOffset> _queue = new();

    public TimerQueue(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(_ => RunDue(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Has something done at a time; at once when that has passed.</summary>
    /// <param name="at">When.</param>
    /// <param name="due">What; must not block.</param>
    public void Add(DateTimeOffset at, Action due)
    {
        lock (_gate)
        {
            var isEarliest = !_queue.TryPeek(out _, out var earliest) || at < earliest;
            _queue.Enqueue(due, at);
            if (isEarliest)
            {
                SetTimer(at);
            }
        }
    }

    /// <summary>When the earliest of what is to come is due, or null: nothing is to come.</summary>
    public DateTimeOffset? Next
    {
        get
        {
            lock (_gate)
            {
                return _queue.TryPeek(out _, out var at) ? at : null;
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void RunDue()
    {
        var due = new List<Action>();
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            while (_queue.TryPeek(out var action, out var at) && at <= now)
            {
                _queue.Dequeue();
                due.Add(action);
            }

            if (_queue.TryPeek(out _, out var next))
            {
                SetTimer(next);
            }
        }

        due.ForEach(action => action());
    }

    private void SetTimer(DateTimeOffset at)
    {
        var wait = at - _time.GetUtcNow();

        // Rounded up to whole milliseconds: a timer that fires early would find nothing due.
        wait = wait <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
        _timer.Change(wait < LongestWait ? wait : LongestWait, Timeout.InfiniteTimeSpan);
    }
}
