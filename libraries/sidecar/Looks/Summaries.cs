using MeshWorkflow.WorkflowContracts;
using Microsoft.Data.Sqlite;

namespace MeshWorkflow.Sidecar.Looks;

/// <summary>Reads lists of instances.</summary>
internal static class Summaries
{
    public static IReadOnlyList<WorkflowSummary> Read(SqliteConnection connection, string? app, OrchestrationStatus? status, int limit)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT i.app, i.id, i.name, i.status, i.created_at, i.updated_at,
                (SELECT count(*) FROM activity a WHERE a.instance = i.key),
                (SELECT count(*) FROM timer t WHERE t.instance = i.key),
                (SELECT count(*) FROM inbox b WHERE b.instance = i.key)
            FROM instance i WHERE ($1 IS NULL OR i.app = $1) AND ($2 IS NULL OR i.status = $2)
            ORDER BY i.key DESC LIMIT $3
            """;
        command.Parameters.AddWithValue("$1", (object?)app ?? DBNull.Value);
        command.Parameters.AddWithValue("$2", status is { } wanted ? (int)wanted : DBNull.Value);
        command.Parameters.AddWithValue("$3", limit);
        using var row = command.ExecuteReader();
        var list = new List<WorkflowSummary>();
        while (row.Read())
        {
            list.Add(new WorkflowSummary(
                row.GetString(0),
                row.GetString(1),
                row.GetString(2),
                ((OrchestrationStatus)row.GetInt32(3)).ToString(),
                new DateTimeOffset(row.GetInt64(4), TimeSpan.Zero),
                new DateTimeOffset(row.GetInt64(5), TimeSpan.Zero),
                row.GetInt32(6),
                row.GetInt32(7),
                row.GetInt32(8)));
        }

        return list;
    }

    public static IReadOnlyList<string> AppsWith(SqliteConnection connection, string id)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT app FROM instance WHERE id = $1 ORDER BY app";
        command.Parameters.AddWithValue("$1", id);
        using var row = command.ExecuteReader();
        var apps = new List<string>();
        while (row.Read())
        {
            apps.Add(row.GetString(0));
        }

        return apps;
    }
}
