using System.Globalization;
using MeshWorkflow.Sidecar.Storage;
using Microsoft.Data.Sqlite;

namespace MeshWorkflow.Sidecar.State;

/// <summary>Keys and values in the state file. Every read sees the last commit.</summary>
internal sealed class StateTable(Database database, TimeProvider time)
{
    public StateValue? Get(string key) => database.Read(connection => Get(connection, key, Now));

    public IReadOnlyList<StateValue?> Get(IEnumerable<string> keys) =>
        database.Read(connection => keys.Select(key => Get(connection, key, Now)).ToList());

    /// <summary>Carries all writes out, or none: when one finds another version than it wants.</summary>
    /// <returns>The first write that found another version, or null: all are on disk.</returns>
    public Task<StateWrite?> WriteAsync(IReadOnlyList<StateWrite> writes)
    {
        var now = Now;
        return database.CommitAsync(writer => Write(writer, writes, now));
    }

    /// <summary>Ends when all that was read or written is on disk; nothing is answered before.</summary>
    public Task FlushAsync() => database.FlushAsync();

    private long Now => time.GetUtcNow().UtcTicks;

    private static StateValue? Get(SqliteConnection connection, string key, long now)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT value, etag, expires_at FROM state WHERE key = $1 AND (expires_at IS NULL OR expires_at > $2)";
        command.Parameters.AddWithValue("$1", key);
        command.Parameters.AddWithValue("$2", now);
        using var row = command.ExecuteReader();
        return row.Read()
            ? new StateValue(
                row.GetFieldValue<byte[]>(0),
                row.GetInt64(1).ToString(CultureInfo.InvariantCulture),
                row.IsDBNull(2) ? null : new DateTimeOffset(row.GetInt64(2), TimeSpan.Zero))
            : null;
    }

    // Checked in order against what the writes before it leave, and only then written: a mismatch leaves nothing behind.
    private static StateWrite? Write(Writer writer, IReadOnlyList<StateWrite> writes, long now)
    {
        var after = new Dictionary<string, long?>();
        foreach (var write in writes)
        {
            var current = after.TryGetValue(write.Key, out var known) ? known : Version(writer, write.Key, now);
            if ((write.MustBeNew && current is not null) || (write.Etag is { } etag && current != etag))
            {
                return write;
            }

            after[write.Key] = write.Value is null ? null : NextVersion(current, now);
        }

        foreach (var write in writes)
        {
            Apply(writer, write, now);
        }

        if (writes.Any(write => write.ExpiresAt is not null))
        {
            writer.Run("DELETE FROM state WHERE expires_at <= ?1", now);
        }

        return null;
    }

    // Grows with time, so that a key that was deleted and made again never has an old version again.
    private static long NextVersion(long? current, long now) => Math.Max((current ?? 0) + 1, now);

    private static long? Version(Writer writer, string key, long now) =>
        writer.Scalar("SELECT etag FROM state WHERE key = ?1 AND (expires_at IS NULL OR expires_at > ?2)", key, now);

    private static void Apply(Writer writer, StateWrite write, long now)
    {
        if (write.Value is null)
        {
            writer.Run("DELETE FROM state WHERE key = ?1", write.Key);
            return;
        }

        writer.Run("DELETE FROM state WHERE key = ?1 AND expires_at <= ?2", write.Key, now);
        writer.Run(
            """
            INSERT INTO state (key, value, etag, expires_at) VALUES (?1, ?2, ?4, ?3)
            ON CONFLICT (key) DO UPDATE SET value = excluded.value, etag = max(etag + 1, ?4), expires_at = excluded.expires_at
            """,
            write.Key,
            write.Value,
            write.ExpiresAt?.UtcTicks,
            now);
    }
}
