using Microsoft.Extensions.Logging;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>
/// Fires durable timers. Only those of the next minutes are in memory: the rest wait in the state file, so that long waits weigh
/// nothing however many there are.
/// </summary>
internal sealed partial class Timers(Runtime runtime, EventIntake intake, ILogger<Timers> logger)
{
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(20);

    private long _loadedUntil;

    /// <summary>Takes up what the state file says is to fire, and keeps doing so.</summary>
    public void Start() => Load();

    public void Add(InstanceKey key, RunId run, TurnOutcome.TimerCreated timer)
    {
        if (timer.FireAt.UtcTicks <= Volatile.Read(ref _loadedUntil))
        {
            runtime.Timers.Add(timer.FireAt, () => _ = FireAsync(key, run, timer));
        }
    }

    private void Load()
    {
        // Told first: a timer that is stored while the file is read comes twice rather than never; the second finds itself done.
        var from = Volatile.Read(ref _loadedUntil);
        var until = runtime.Clock.Time.GetUtcNow() + Ahead;
        Volatile.Write(ref _loadedUntil, until.UtcTicks);
        try
        {
            foreach (var (key, run, timer) in runtime.Database.Read(connection => PendingRows.Timers(connection, from, until.UtcTicks)))
            {
                Add(key, run, timer);
            }

            runtime.Timers.Add(until - (Ahead / 2), Load);
        }
        catch (Exception exception) when (from > 0)
        {
            Log.NotLoaded(logger, exception);
            Volatile.Write(ref _loadedUntil, from);
            runtime.Later(Load);
        }
    }

    private async Task FireAsync(InstanceKey key, RunId run, TurnOutcome.TimerCreated timer)
    {
        try
        {
            // Its instance may have ended, or it has been read twice.
            if (runtime.Instances.Find(key) is not { } found || !IsOpen(found, run, timer.Id))
            {
                return;
            }

            var fired = timer.Fired.Clone();
            fired.Timestamp = runtime.Clock.Stamp();
            await intake.AddAsync(key, fired, run, (writer, instance) => InstanceRows.DeleteTimer(writer, instance.Row, timer.Id));
            Tracing.Fired(key, found.Started, fired.TimerFired.FireAt);
        }
        catch (Exception exception)
        {
            Log.NotStored(logger, exception, key, timer.Id);
            runtime.Later(() => _ = FireAsync(key, run, timer));
        }
    }

    private static bool IsOpen(Instance instance, RunId run, int id)
    {
        lock (instance.Gate)
        {
            return instance.Run == run && !instance.IsTerminal && instance.Execution.IsOpenTimer(id);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Timer {TimerId} of {Instance} fired, but that could not be stored; it is tried again.")]
        public static partial void NotStored(ILogger logger, Exception exception, InstanceKey instance, int timerId);

        [LoggerMessage(LogLevel.Error, "The timers of the next minutes could not be read; it is tried again.")]
        public static partial void NotLoaded(ILogger logger, Exception exception);
    }
}
