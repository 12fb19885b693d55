using System.IO.Compression;
using System.Text;
using Microsoft.Data.Sqlite;

namespace MeshWorkflow.Tests.Simulator.Properties;

/// <summary>Everything that the product wrote, as one can read it: its log, and each value of its state, unpacked.</summary>
internal static class Outputs
{
    /// <summary>Those of the secrets that are in an output, each with the place.</summary>
    public static IEnumerable<(string Secret, string Place)> Find(Evidence run)
    {
        var places = run.Output.Length > 0 ? State(run.StateFile).Prepend((Place: "the log", Text: run.Output)) : State(run.StateFile);
        return places.SelectMany(output => run.Secrets.Where(secret => output.Text.Contains(secret, StringComparison.Ordinal)).Select(secret => (secret, output.Place)));
    }

    private static IEnumerable<(string Place, string Text)> State(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        connection.Open();
        foreach (var table in Tables(connection))
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM \"{table}\"";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                for (var column = 0; column < reader.FieldCount; column++)
                {
                    if (reader.GetValue(column) is var value and (string or byte[]))
                    {
                        yield return ($"{table}.{reader.GetName(column)} of {reader.GetValue(0)}", value as string ?? Read((byte[])value));
                    }
                }
            }
        }
    }

    private static List<string> Tables(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM sqlite_master WHERE type = 'table'";
        using var reader = command.ExecuteReader();
        var tables = new List<string>();
        while (reader.Read())
        {
            tables.Add(reader.GetString(0));
        }

        return tables;
    }

    // Ledger entries and bodies lie there gzipped.
    private static string Read(byte[] value)
    {
        if (value is not [0x1F, 0x8B, ..])
        {
            return Encoding.Latin1.GetString(value);
        }

        using var gzip = new GZipStream(new MemoryStream(value), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        gzip.CopyTo(unpacked);
        return Encoding.Latin1.GetString(unpacked.ToArray());
    }
}
