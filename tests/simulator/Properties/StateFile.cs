using System.IO.Compression;
using System.Text;
using Microsoft.Data.Sqlite;
#if OWN_WORKER
using Google.Protobuf;
using MeshWorkflow.WorkflowContracts;
#endif

namespace MeshWorkflow.Tests.Simulator.Properties;

/// <summary>Copies of a run's state, altered.</summary>
internal static class StateFile
{
    /// <summary>A copy beside it.</summary>
    public static string CopyOf(string file)
    {
        var folder = Path.Combine(Path.GetDirectoryName(file)!, Path.GetRandomFileName());
        Directory.CreateDirectory(folder);
        foreach (var part in Directory.EnumerateFiles(Path.GetDirectoryName(file)!, $"{Path.GetFileName(file)}*"))
        {
            File.Copy(part, Path.Combine(folder, Path.GetFileName(part)));
        }

        return Path.Combine(folder, Path.GetFileName(file));
    }

    /// <summary>Adds a value, gzipped as the ledger's long ones are.</summary>
    public static void Add(string file, string key, string value)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(value));
        }

        using var connection = Open(file);
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO state (key, value, etag) VALUES ($key, $value, 1)";
        command.Parameters.AddWithValue("$key", key);
        command.Parameters.AddWithValue("$value", packed.ToArray());
        command.ExecuteNonQuery();
    }

#if OWN_WORKER
    /// <summary>Alters the history of a cluster's installation: how it ended, or what it asked for first.</summary>
    /// <returns>The workflow's id.</returns>
    public static string Alter(string file, bool isOfTheEnd)
    {
        using var connection = Open(file);
        foreach (var (key, id, turn, events) in Turns(connection))
        {
            var altered = events.Find(happened => isOfTheEnd ? happened.ExecutionCompleted is not null : happened.TaskScheduled is not null);
            if (altered is null)
            {
                continue;
            }

            if (altered.ExecutionCompleted is { } completed)
            {
                completed.Result = "\"altered\"";
            }
            else
            {
                altered.TaskScheduled.Name = "NothingThatItAskedFor";
            }

            Write(connection, key, turn, events);
            return id;
        }

        throw new InvalidOperationException("No cluster's installation is in the state.");
    }

    private static List<(long Key, string Id, long Turn, List<HistoryEvent> Events)> Turns(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT i.key, i.id, h.turn, h.events FROM instance i JOIN history h ON h.instance = i.key WHERE i.name = 'ClusterInstall' ORDER BY i.key, h.turn";
        using var reader = command.ExecuteReader();
        var turns = new List<(long Key, string Id, long Turn, List<HistoryEvent> Events)>();
        while (reader.Read())
        {
            using var stream = reader.GetStream(3);
            var events = new List<HistoryEvent>();
            while (stream.Position < stream.Length)
            {
                events.Add(HistoryEvent.Parser.ParseDelimitedFrom(stream));
            }

            turns.Add((reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), events));
        }

        return turns;
    }

    private static void Write(SqliteConnection connection, long key, long turn, List<HistoryEvent> events)
    {
        using var written = new MemoryStream();
        events.ForEach(happened => happened.WriteDelimitedTo(written));
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE history SET events = $events WHERE instance = $key AND turn = $turn";
        command.Parameters.AddWithValue("$events", written.ToArray());
        command.Parameters.AddWithValue("$key", key);
        command.Parameters.AddWithValue("$turn", turn);
        command.ExecuteNonQuery();
    }
#endif

    private static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        return connection;
    }
}
