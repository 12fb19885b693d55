using System.Collections.Concurrent;
using MeshWorkflow.GoogleCloud.Failures;

namespace MeshWorkflow.GoogleCloud.Quotas;

/// <summary>
/// One limiter per quota, shared by everything in the process. A short wait is waited here; a long one is answered as a passing
/// failure with the time to come back at, so that the workflow sleeps on it and not the call.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class QuotaGates(TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<Quota, QuotaGate> _gates = new();

    /// <exception cref="GoogleCallException">The quota is used up for longer than a call may wait.</exception>
    internal async Task EnterAsync(Quota quota, CancellationToken cancellationToken)
    {
        var (wait, isReserved) = GateOf(quota).Reserve(time.GetUtcNow(), Longest);
        if (!isReserved)
        {
            throw GoogleCallException.QuotaUsedUp(quota.Api, wait);
        }

        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    internal void Close(Quota quota, TimeSpan? retryAfter) => GateOf(quota).Close(time.GetUtcNow(), retryAfter);

    private QuotaGate GateOf(Quota quota) => _gates.GetOrAdd(quota, made => new QuotaGate(made.PerMinute));
}
