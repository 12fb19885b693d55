using Google.Protobuf.WellKnownTypes;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>Times for events: the provider's, but never the same or an earlier one twice.</summary>
internal sealed class EventClock(TimeProvider time)
{
    private long _last;

    public TimeProvider Time { get; } = time;

    public DateTimeOffset Now()
    {
        while (true)
        {
            var last = Volatile.Read(ref _last);
            var next = Math.Max(last + 1, Time.GetUtcNow().UtcTicks);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
            {
                return new DateTimeOffset(next, TimeSpan.Zero);
            }
        }
    }

    public Timestamp Stamp() => Now().ToTimestamp();
}
