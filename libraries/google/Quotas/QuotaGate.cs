namespace MeshWorkflow.GoogleCloud.Quotas;

/// <summary>
/// Lets through what one quota allows: a burst, then evenly; and after Google said that it is too much, nothing for a while, then slowly:
/// at half the rate each time that it says so again, until it is within a quota that nobody told of.
/// </summary>
internal sealed class QuotaGate(int? perMinute)
{
    private const int MaxRefusals = 5;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Recovering = TimeSpan.FromMilliseconds(50);
    private readonly Lock _lock = new();
    private DateTimeOffset _next;
    private DateTimeOffset _closedUntil;
    private int _refusals;

    /// <summary>Asks for one call.</summary>
    /// <param name="now">The time.</param>
    /// <param name="longest">The longest wait that the caller would take.</param>
    /// <returns>How long it is to wait, and whether the call is reserved: not if that is too long.</returns>
    public (TimeSpan Wait, bool IsReserved) Reserve(DateTimeOffset now, TimeSpan longest)
    {
        lock (_lock)
        {
            var interval = IntervalAt(now);
            var next = _next > now ? _next : now;
            var wait = Max(next - (interval * Burst) - now, _closedUntil - now);
            if (wait > longest)
            {
                return (wait, false);
            }

            _next = next + interval;
            return (Max(wait, TimeSpan.Zero), true);
        }
    }

    /// <summary>Google said that it is too much.</summary>
    /// <param name="now">The time.</param>
    /// <param name="retryAfter">When it said to come back.</param>
    public void Close(DateTimeOffset now, TimeSpan? retryAfter)
    {
        lock (_lock)
        {
            // Those that were under way when it was closed say nothing new.
            if (now >= _closedUntil)
            {
                _refusals = now - _closedUntil > Minute ? 1 : Math.Min(_refusals + 1, MaxRefusals);
            }

            var until = now + (retryAfter ?? FirstPause * Math.Pow(2, _refusals - 1));
            if (until > _closedUntil)
            {
                _closedUntil = until;

                // All those who wait come back at once: no burst for them.
                _next = until + (IntervalAt(now) * Burst);
            }
        }
    }

    private int Burst => perMinute is { } rate ? rate / 10 : 0;

    private TimeSpan IntervalAt(DateTimeOffset now)
    {
        var isRecovering = now - _closedUntil < Minute;
        var interval = perMinute is { } rate ? Minute / rate : isRecovering ? Recovering : TimeSpan.Zero;
        return isRecovering && _refusals > 1 ? interval * Math.Pow(2, _refusals - 1) : interval;
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
