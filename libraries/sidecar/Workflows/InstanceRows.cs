using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.Sidecar.Storage;
using MeshWorkflow.WorkflowContracts;
using Microsoft.Data.Sqlite;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>How instances lie in the state file. Times are 100 ns ticks of UTC.</summary>
internal static class InstanceRows
{
    public static void Insert(Writer writer, Instance instance, string name) =>
        writer.Run(
            "INSERT INTO instance (key, app, id, generation, name, status, start_at, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)",
            instance.Row,
            instance.Key.App,
            instance.Key.Id,
            instance.Generation,
            name,
            (int)instance.Status,
            instance.StartAt is { } startAt ? Ticks(startAt) : null,
            Ticks(instance.CreatedAt));

    /// <summary>Forgets an instance and all that belongs to it.</summary>
    public static void Delete(Writer writer, long row)
    {
        DeleteOpen(writer, row);
        writer.Run("DELETE FROM inbox WHERE instance = ?1", row);
        writer.Run("DELETE FROM history WHERE instance = ?1", row);
        writer.Run("DELETE FROM instance WHERE key = ?1", row);
    }

    /// <summary>Forgets what an ended or renewed run still waited for.</summary>
    public static void DeleteOpen(Writer writer, long row)
    {
        writer.Run("DELETE FROM timer WHERE instance = ?1", row);
        writer.Run("DELETE FROM activity WHERE instance = ?1", row);
    }

    public static void DeleteHistory(Writer writer, long row) => writer.Run("DELETE FROM history WHERE instance = ?1", row);

    public static void DeleteAllInbox(Writer writer, long row) => writer.Run("DELETE FROM inbox WHERE instance = ?1", row);

    public static void InsertInbox(Writer writer, long row, InboxEvent arrived) =>
        writer.Run(
            "INSERT INTO inbox (instance, position, event) VALUES (?1, ?2, ?3)", row, arrived.Position, arrived.Event.ToByteArray());

    public static void DeleteInbox(Writer writer, long row, IEnumerable<InboxEvent> events)
    {
        foreach (var taken in events)
        {
            writer.Run("DELETE FROM inbox WHERE instance = ?1 AND position = ?2", row, taken.Position);
        }
    }

    public static void AppendHistory(Writer writer, long row, int turn, IEnumerable<HistoryEvent> events)
    {
        using var buffer = new MemoryStream();
        foreach (var historyEvent in events)
        {
            historyEvent.WriteDelimitedTo(buffer);
        }

        writer.Run("INSERT INTO history (instance, turn, events) VALUES (?1, ?2, ?3)", row, turn, buffer.ToArray());
    }

    public static void Update(
        Writer writer, RunId run, OrchestrationStatus status, string? customStatus, DateTimeOffset now, DateTimeOffset? purgeAt = null)
    {
        var changed = writer.Run(
            "UPDATE instance SET generation = ?2, status = ?3, custom_status = ?4, updated_at = ?5, ended_at = ?6, purge_at = ?7 WHERE key = ?1",
            run.Row,
            run.Generation,
            (int)status,
            customStatus,
            now.UtcTicks,
            Instance.IsEnd(status) ? now.UtcTicks : null,
            purgeAt?.UtcTicks);
        if (changed == 0)
        {
            throw new InstanceGoneException();
        }
    }

    public static void InsertTimer(Writer writer, long row, TurnOutcome.TimerCreated timer) =>
        writer.Run(
            "INSERT INTO timer (instance, id, fire_at, event) VALUES (?1, ?2, ?3, ?4)",
            row,
            timer.Id,
            timer.FireAt.UtcTicks,
            timer.Fired.ToByteArray());

    public static void DeleteTimer(Writer writer, long row, int id) =>
        writer.Run("DELETE FROM timer WHERE instance = ?1 AND id = ?2", row, id);

    public static void InsertActivity(Writer writer, long row, string app, ActivityRequest request) =>
        writer.Run(
            "INSERT INTO activity (instance, id, app, request) VALUES (?1, ?2, ?3, ?4)", row, request.TaskId, app, request.ToByteArray());

    public static void DeleteActivity(Writer writer, long row, int id) =>
        writer.Run("DELETE FROM activity WHERE instance = ?1 AND id = ?2", row, id);

    /// <summary>Reads an instance as the last commit left it, or null: there is none.</summary>
    public static Instance? Load(SqliteConnection connection, InstanceKey key)
    {
        var instance = LoadHead(connection, key);
        if (instance is null)
        {
            return null;
        }

        foreach (var turn in Blobs(connection, "SELECT events FROM history WHERE instance = $1 ORDER BY turn", instance.Row))
        {
            using var stream = new MemoryStream(turn);
            var events = new List<HistoryEvent>();
            while (stream.Position < stream.Length)
            {
                events.Add(HistoryEvent.Parser.ParseDelimitedFrom(stream));
            }

            instance.Execution.AddTurn(events);
        }

        using var inbox = Query(connection, "SELECT position, event FROM inbox WHERE instance = $1 ORDER BY position", instance.Row);
        using var rows = inbox.ExecuteReader();
        while (rows.Read())
        {
            instance.Restore(rows.GetInt64(0), HistoryEvent.Parser.ParseFrom(rows.GetFieldValue<byte[]>(1)));
        }

        return instance;
    }

    private static Instance? LoadHead(SqliteConnection connection, InstanceKey key)
    {
        using var command = Query(
            connection,
            "SELECT key, generation, status, custom_status, start_at, created_at FROM instance WHERE app = $1 AND id = $2",
            key.App,
            key.Id);
        using var row = command.ExecuteReader();
        if (!row.Read())
        {
            return null;
        }

        return new Instance(key, row.GetInt64(0), row.GetInt32(1))
        {
            Status = (OrchestrationStatus)row.GetInt32(2),
            CustomStatus = row.IsDBNull(3) ? null : row.GetString(3),
            StartAt = row.IsDBNull(4) ? null : Time(row.GetInt64(4)),
            CreatedAt = Time(row.GetInt64(5)),
        };
    }

    private static List<byte[]> Blobs(SqliteConnection connection, string text, long row)
    {
        using var command = Query(connection, text, row);
        using var rows = command.ExecuteReader();
        var blobs = new List<byte[]>();
        while (rows.Read())
        {
            blobs.Add(rows.GetFieldValue<byte[]>(0));
        }

        return blobs;
    }

    private static SqliteCommand Query(SqliteConnection connection, string text, params ReadOnlySpan<object?> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"${i + 1}", values[i]);
        }

        return command;
    }

    private static long Ticks(Timestamp time) => time.ToDateTime().Ticks;

    private static Timestamp Time(long ticks) => Timestamp.FromDateTime(new DateTime(ticks, DateTimeKind.Utc));
}
