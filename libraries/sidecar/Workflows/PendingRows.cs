using MeshWorkflow.Sidecar.Storage;
using MeshWorkflow.WorkflowContracts;
using Microsoft.Data.Sqlite;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>What the state file says is under way, across all instances.</summary>
internal static class PendingRows
{
    /// <summary>Forgets what a forced purge or the end of its instance left behind, so that no later instance inherits it.</summary>
    public static void DeleteOrphans(Writer writer)
    {
        foreach (var table in (ReadOnlySpan<string>)["history", "inbox", "timer", "activity"])
        {
            writer.Run($"DELETE FROM {table} WHERE instance NOT IN (SELECT key FROM instance)");
        }

        writer.Run("DELETE FROM inbox WHERE instance IN (SELECT key FROM instance WHERE ended_at IS NOT NULL)");
    }

    public static IReadOnlyList<(InstanceKey Key, RunId Run, TurnOutcome.TimerCreated Timer)> Timers(
        SqliteConnection connection, long after, long until) => Rows(
        connection,
        "SELECT i.app, i.id, i.key, i.generation, t.id, t.fire_at, t.event FROM timer t JOIN instance i ON i.key = t.instance WHERE t.fire_at > $1 AND t.fire_at <= $2",
        row => (Key(row), Run(row), new TurnOutcome.TimerCreated(
            row.GetInt32(4), Time(row, 5), HistoryEvent.Parser.ParseFrom(row.GetFieldValue<byte[]>(6)))),
        after,
        until);

    public static IReadOnlyList<(InstanceKey Key, RunId Run, string App, ActivityRequest Request)> AllActivities(
        SqliteConnection connection) => Rows(
        connection,
        "SELECT i.app, i.id, i.key, i.generation, a.app, a.request FROM activity a JOIN instance i ON i.key = a.instance",
        row => (Key(row), Run(row), row.GetString(4), ActivityRequest.Parser.ParseFrom(row.GetFieldValue<byte[]>(5))));

    /// <summary>Instances with events that no turn has taken in, and when they may start.</summary>
    public static IReadOnlyList<(InstanceKey Key, DateTimeOffset? StartAt)> WithInbox(SqliteConnection connection) => Rows(
        connection,
        "SELECT app, id, start_at FROM instance WHERE key IN (SELECT DISTINCT instance FROM inbox) ORDER BY key",
        row => (Key(row), row.IsDBNull(2) ? null : (DateTimeOffset?)Time(row, 2)));

    /// <summary>The stalled instances of an app.</summary>
    public static IReadOnlyList<InstanceKey> Stalled(SqliteConnection connection, string app) => Rows(
        connection, "SELECT app, id FROM instance INDEXED BY instance_stalled WHERE app = $1 AND status = 8", Key, app);

    /// <summary>Ended instances whose time to be forgotten has come, the oldest first.</summary>
    public static IReadOnlyList<(InstanceKey Key, long Row)> Purgeable(SqliteConnection connection, DateTimeOffset now, int limit) => Rows(
        connection,
        "SELECT app, id, key FROM instance WHERE purge_at <= $1 ORDER BY purge_at LIMIT $2",
        row => (Key(row), row.GetInt64(2)),
        now.UtcTicks,
        limit);

    /// <summary>When the next ended instance is to be forgotten, or null: none is.</summary>
    public static DateTimeOffset? NextPurge(SqliteConnection connection) => Rows(
        connection,
        "SELECT min(purge_at) FROM instance WHERE purge_at IS NOT NULL",
        row => row.IsDBNull(0) ? null : (DateTimeOffset?)Time(row, 0))[0];

    public static long ActiveCount(SqliteConnection connection) =>
        Rows(connection, "SELECT count(*) FROM instance WHERE ended_at IS NULL", row => row.GetInt64(0))[0];

    /// <summary>How many instances are stalled, by app.</summary>
    public static IReadOnlyList<(string App, long Count)> StalledCounts(SqliteConnection connection) => Rows(
        connection,
        "SELECT app, count(*) FROM instance INDEXED BY instance_stalled WHERE status = 8 GROUP BY app",
        row => (row.GetString(0), row.GetInt64(1)));

    public static long LastKey(SqliteConnection connection) =>
        Rows(connection, "SELECT coalesce(max(key), 0) FROM instance", row => row.GetInt64(0))[0];

    private static List<T> Rows<T>(
        SqliteConnection connection, string text, Func<SqliteDataReader, T> read, params ReadOnlySpan<object> values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"${i + 1}", values[i]);
        }

        using var rows = command.ExecuteReader();
        var list = new List<T>();
        while (rows.Read())
        {
            list.Add(read(rows));
        }

        return list;
    }

    private static InstanceKey Key(SqliteDataReader row) => new(row.GetString(0), row.GetString(1));

    private static RunId Run(SqliteDataReader row) => new(row.GetInt64(2), row.GetInt32(3));

    private static DateTimeOffset Time(SqliteDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);
}
