using MeshWorkflow.WorkflowContracts;
using Microsoft.Data.Sqlite;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>After a start: takes up what the state file says is under way.</summary>
internal sealed class Recovery(Runtime runtime, TurnRunner turns, Timers timers)
{
    public void Run()
    {
        foreach (var (key, generation, id, fireAt, fired) in runtime.Database.Read(InstanceRows.AllTimers))
        {
            timers.Add(key, generation, new TurnOutcome.TimerCreated(id, fireAt, fired));
        }

        foreach (var (key, generation, app, request) in runtime.Database.Read(InstanceRows.AllActivities))
        {
            runtime.Hubs[app].Add(new ActivityWork(RandomIds.New(), key, generation, request));
        }

        foreach (var (key, startAt) in runtime.Database.Read(InstanceRows.WithInbox))
        {
            if (startAt is { } time)
            {
                WakeAt(key, time);
            }
            else
            {
                Wake(key);
            }
        }
    }

    /// <summary>Lets an instance whose start was scheduled begin at its time.</summary>
    public void WakeAt(InstanceKey key, DateTimeOffset time) => runtime.Timers.Add(time, () => Wake(key));

    /// <summary>Lets the stalled instances of an app try again: with a new worker, or a new limit.</summary>
    public void RetryStalled(string app)
    {
        foreach (var key in runtime.Database.Read(connection => Stalled(connection, app)))
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

    private static List<InstanceKey> Stalled(SqliteConnection connection, string app)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM instance WHERE app = $1 AND status = $2";
        command.Parameters.AddWithValue("$1", app);
        command.Parameters.AddWithValue("$2", (int)OrchestrationStatus.Stalled);
        using var rows = command.ExecuteReader();
        var keys = new List<InstanceKey>();
        while (rows.Read())
        {
            keys.Add(new InstanceKey(app, rows.GetString(0)));
        }

        return keys;
    }
}
