namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>After a start: takes up what the state file says is under way.</summary>
internal sealed class Recovery(Runtime runtime, TurnRunner turns, Timers timers)
{
    public async Task RunAsync()
    {
        await runtime.Database.CommitAsync(PendingRows.DeleteOrphans);

        // What a killed process had committed is the system's to lose until it is flushed; work is given out from it now.
        await runtime.Database.FlushAsync();
        timers.Start();
        foreach (var (key, run, app, request) in runtime.Database.Read(PendingRows.AllActivities))
        {
            runtime.Hubs[app].Add(ActivityWork.Of(key, run, request));
        }

        foreach (var (key, startAt) in runtime.Database.Read(PendingRows.WithInbox))
        {
            Wake(key);
            if (startAt is { } time)
            {
                WakeAt(key, time);
            }
        }
    }

    /// <summary>Lets an instance whose start was scheduled begin at its time.</summary>
    public void WakeAt(InstanceKey key, DateTimeOffset time) => runtime.Timers.Add(time, () => Wake(key));

    /// <summary>Lets the stalled instances of an app try again: with a new worker, or a new limit.</summary>
    public void RetryStalled(string app)
    {
        foreach (var key in runtime.Database.Read(connection => PendingRows.Stalled(connection, app)))
        {
            if (runtime.Instances.Find(key) is { } instance)
            {
                turns.Poke(instance, isCured: true);
            }
        }
    }

    private void Wake(InstanceKey key)
    {
        if (runtime.Instances.Find(key) is { } instance)
        {
            turns.Poke(instance);
        }
    }
}
