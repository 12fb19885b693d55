using Microsoft.Extensions.Logging;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>Forgets ended instances when their time has come. When that is was decided and stored at their end.</summary>
internal sealed partial class Retention(Runtime runtime, Purge purge, ILogger<Retention> logger)
{
    private const int BatchSize = 500;

    private readonly Lock _gate = new();
    private DateTimeOffset? _next;

    /// <summary>Takes up what the state file says is to be forgotten.</summary>
    public void Start() => Plan(runtime.Database.Read(PendingRows.NextPurge));

    /// <summary>Sees to it that there is a sweep at a time, if one is named.</summary>
    public void Plan(DateTimeOffset? at)
    {
        lock (_gate)
        {
            if (at is null || _next <= at)
            {
                return;
            }

            _next = at;
        }

        runtime.Timers.Add(at.Value, () => _ = SweepAsync(at.Value));
    }

    private async Task SweepAsync(DateTimeOffset planned)
    {
        try
        {
            while (await ForgetBatchAsync())
            {
            }

            await runtime.Database.ReleaseAsync();
            lock (_gate)
            {
                _next = _next == planned ? null : _next;
            }

            // What is overdue still is on its way out: it is looked at again soon, not at once.
            var soon = runtime.Clock.Time.GetUtcNow() + Runtime.RetryDelay;
            var next = runtime.Database.Read(PendingRows.NextPurge);
            Plan(next < soon ? soon : next);
        }
        catch (Exception exception)
        {
            Log.Failed(logger, exception);
            runtime.Later(() => _ = SweepAsync(planned));
        }
    }

    private async Task<bool> ForgetBatchAsync()
    {
        var now = runtime.Clock.Time.GetUtcNow();
        var due = runtime.Database.Read(connection => PendingRows.Purgeable(connection, now, BatchSize));
        var ended = new List<Instance>();
        foreach (var (key, row) in due)
        {
            // The id can be in use again.
            if (runtime.Instances.Find(key) is { IsTerminal: true } instance && instance.Row == row)
            {
                ended.Add(instance);
            }
        }

        if (ended.Count > 0)
        {
            await purge.ForgetAsync(ended);
        }

        return ended.Count > 0 && due.Count == BatchSize;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Ended instances could not be forgotten; it is tried again.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
