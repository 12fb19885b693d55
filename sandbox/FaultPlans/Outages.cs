namespace MeshWorkflow.Sandbox.FaultPlans;

/// <summary>Which clusters have vanished.</summary>
internal sealed class Outages(TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (Vanish Vanish, OrderedFault Fault, DateTimeOffset At)> _gone = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CancellationTokenSource> _streams = new(StringComparer.Ordinal);

    /// <summary>Whether a cluster's API server doesn't answer.</summary>
    public bool IsCutOff(string cluster) => Find(cluster) is not null;

    /// <summary>Whether Google's APIs don't know a cluster.</summary>
    public bool IsGone(string cluster) => Find(cluster) is { ServerOnly: false };

    /// <summary>Ends when a cluster vanishes: so do the streams of its API server.</summary>
    public CancellationToken StreamsOf(string cluster)
    {
        lock (_gate)
        {
            if (!_streams.TryGetValue(cluster, out var source))
            {
                _streams.Add(cluster, source = new CancellationTokenSource());
            }

            return source.Token;
        }
    }

    public void Begin(string cluster, Vanish vanish, OrderedFault fault)
    {
        CancellationTokenSource? streams;
        lock (_gate)
        {
            _gone[cluster] = (vanish, fault, time.GetUtcNow());
            _streams.Remove(cluster, out streams);
        }

        streams?.Cancel();
        streams?.Dispose();
    }

    public void Dispose()
    {
        foreach (var source in _streams.Values)
        {
            source.Dispose();
        }
    }

    private Vanish? Find(string cluster)
    {
        lock (_gate)
        {
            if (!_gone.TryGetValue(cluster, out var gone))
            {
                return null;
            }

            if (!gone.Fault.Withdrawn.IsCompleted && (gone.Vanish.For is not { } lasting || gone.At + lasting > time.GetUtcNow()))
            {
                return gone.Vanish;
            }

            _gone.Remove(cluster);
            return null;
        }
    }
}
