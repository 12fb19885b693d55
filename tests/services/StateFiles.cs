using System.IO.Compression;
using System.Text;
using Microsoft.Data.Sqlite;

namespace MeshWorkflow.Tests.Services;

/// <summary>Looks into a sidecar's state file: for what must not be there.</summary>
internal static class StateFiles
{
    /// <summary>Every value of every table as text; what is gzipped as what it is. And the file itself, with what is deleted in it.</summary>
    public static IEnumerable<string> Texts(string file)
    {
        var texts = new List<string>();
        using (var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False"))
        {
            connection.Open();
            foreach (var table in Column(connection, "select name from sqlite_master where type = 'table'"))
            {
                using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The names are the file's own.
                command.CommandText = $"select * from \"{table}\"";
#pragma warning restore CA2100
                using var reader = command.ExecuteReader();
                while (reader.Read())
                {
                    texts.AddRange(Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue).Select(Text));
                }
            }
        }

        foreach (var part in (string[])[file, $"{file}-wal"])
        {
            if (File.Exists(part))
            {
                using var stream = new FileStream(part, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var copy = new MemoryStream();
                stream.CopyTo(copy);
                texts.Add(Encoding.Latin1.GetString(copy.ToArray()));
            }
        }

        return texts;
    }

    private static List<string> Column(SqliteConnection connection, string query)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A constant.
        command.CommandText = query;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var values = new List<string>();
        while (reader.Read())
        {
            values.Add(reader.GetString(0));
        }

        return values;
    }

    private static string Text(object value) => value switch
    {
        byte[] { Length: > 2 } bytes when bytes[0] == 0x1F && bytes[1] == 0x8B => Encoding.Latin1.GetString(Unpack(bytes)),
        byte[] bytes => Encoding.Latin1.GetString(bytes),
        _ => value.ToString() ?? "",
    };

    private static byte[] Unpack(byte[] packed)
    {
        using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var content = new MemoryStream();
        gzip.CopyTo(content);
        return content.ToArray();
    }
}
