using Microsoft.Extensions.Logging;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>Fires durable timers.</summary>
internal sealed partial class Timers(Runtime runtime, EventIntake intake, ILogger<Timers> logger)
{
    public void Add(InstanceKey key, RunId run, TurnOutcome.TimerCreated timer) =>
        runtime.Timers.Add(timer.FireAt, () => _ = FireAsync(key, run, timer));

    private async Task FireAsync(InstanceKey key, RunId run, TurnOutcome.TimerCreated timer)
    {
        try
        {
            var fired = timer.Fired.Clone();
            fired.Timestamp = runtime.Clock.Stamp();
            await intake.AddAsync(key, fired, run, (writer, instance) => InstanceRows.DeleteTimer(writer, instance.Row, timer.Id));
            Tracing.Fired(key, runtime.Instances.Find(key)?.Started, fired.TimerFired.FireAt);
        }
        catch (Exception exception)
        {
            Log.NotStored(logger, exception, key, timer.Id);
            runtime.Later(() => _ = FireAsync(key, run, timer));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Timer {TimerId} of {Instance} fired, but that could not be stored; it is tried again.")]
        public static partial void NotStored(ILogger logger, Exception exception, InstanceKey instance, int timerId);
    }
}
