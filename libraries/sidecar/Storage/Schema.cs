using System.Globalization;
using Microsoft.Data.Sqlite;

namespace MeshWorkflow.Sidecar.Storage;

/// <summary>The state file's tables, version by version. A version that was released is never edited; changes are a new one.</summary>
internal static class Schema
{
    // "mshw": tells our files from any other SQLite file.
    private const long ApplicationId = 0x6D736877;

    private static readonly string[] Versions =
    [
        """
        CREATE TABLE instance (
            key INTEGER PRIMARY KEY,
            app TEXT NOT NULL,
            id TEXT NOT NULL,
            generation INTEGER NOT NULL,
            status INTEGER NOT NULL,
            name TEXT NOT NULL,
            custom_status TEXT,
            start_at INTEGER,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            ended_at INTEGER,
            UNIQUE (app, id));
        CREATE INDEX instance_ended ON instance (ended_at) WHERE ended_at IS NOT NULL;
        CREATE TABLE history (
            instance INTEGER NOT NULL,
            turn INTEGER NOT NULL,
            events BLOB NOT NULL,
            PRIMARY KEY (instance, turn)) WITHOUT ROWID;
        CREATE TABLE inbox (
            instance INTEGER NOT NULL,
            position INTEGER NOT NULL,
            event BLOB NOT NULL,
            PRIMARY KEY (instance, position)) WITHOUT ROWID;
        CREATE TABLE timer (
            instance INTEGER NOT NULL,
            id INTEGER NOT NULL,
            fire_at INTEGER NOT NULL,
            event BLOB NOT NULL,
            PRIMARY KEY (instance, id)) WITHOUT ROWID;
        CREATE TABLE activity (
            instance INTEGER NOT NULL,
            id INTEGER NOT NULL,
            app TEXT NOT NULL,
            request BLOB NOT NULL,
            PRIMARY KEY (instance, id)) WITHOUT ROWID;
        CREATE TABLE state (
            key TEXT NOT NULL PRIMARY KEY,
            value BLOB NOT NULL,
            etag INTEGER NOT NULL,
            expires_at INTEGER) WITHOUT ROWID;
        """,
        """
        ALTER TABLE instance ADD COLUMN purge_at INTEGER;
        CREATE INDEX instance_purge ON instance (purge_at) WHERE purge_at IS NOT NULL;
        CREATE INDEX instance_stalled ON instance (app, id) WHERE status = 8;
        CREATE INDEX timer_due ON timer (fire_at);
        CREATE INDEX state_expiry ON state (expires_at) WHERE expires_at IS NOT NULL;
        """,
    ];

    /// <summary>Brings a file to the newest version, or to one before it.</summary>
    /// <exception cref="StateFileException">It isn't ours, is damaged, or was written by a newer release. It was not written to.</exception>
    public static void Migrate(SqliteConnection connection, string path, int? version = null)
    {
        var current = Read(connection, path);
        if (current == 0)
        {
            // What is deleted can be given back to the system while the sidecar runs.
            Execute(connection, "PRAGMA auto_vacuum = INCREMENTAL");
        }

        var wanted = version ?? Versions.Length;
        if (current == wanted)
        {
            return;
        }

        using var transaction = connection.BeginTransaction();
        foreach (var script in Versions[current..wanted])
        {
            Execute(connection, script);
        }

        Execute(connection, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {wanted}");
        transaction.Commit();
    }

    /// <summary>Checks that a file is of this very version, and reads only.</summary>
    /// <exception cref="StateFileException">It isn't ours, is damaged, or of another release.</exception>
    public static void Check(SqliteConnection connection, string path)
    {
        var version = Read(connection, path);
        if (version < Versions.Length)
        {
            throw new StateFileException(
                $"The state file '{path}' has version {version}; this release reads {Versions.Length}. It is brought up to date when it is next started from.");
        }
    }

    private static int Read(SqliteConnection connection, string path)
    {
        var version = ReadHeader(connection, path);
        if (version > Versions.Length)
        {
            throw new StateFileException(
                $"The state file '{path}' has version {version}; this release knows up to {Versions.Length}. Use the release that wrote it, or a newer one.");
        }

        return version;
    }

    private static int ReadHeader(SqliteConnection connection, string path)
    {
        try
        {
            var version = Scalar(connection, "PRAGMA user_version");
            var application = Scalar(connection, "PRAGMA application_id");
            var tables = Scalar(connection, "SELECT count(*) FROM sqlite_schema");
            if (Text(connection, "PRAGMA quick_check(1)") is { } found and not "ok")
            {
                throw Damaged(path, found, inner: null);
            }

            return application == ApplicationId || (application == 0 && version == 0 && tables == 0)
                ? (int)version
                : throw new StateFileException($"'{path}' is a database of another program. Choose another state folder.");
        }
        catch (SqliteException exception)
        {
            throw Damaged(path, exception.Message, exception);
        }
    }

    private static StateFileException Damaged(string path, string found, Exception? inner) => new(
        $"The state file '{path}' is damaged or no database ({found}). It was left untouched: restore a backup, or move it away to start anew.",
        inner);

    private static long Scalar(SqliteConnection connection, string text) =>
        Convert.ToInt64(Text(connection, text), CultureInfo.InvariantCulture);

    private static string? Text(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static void Execute(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
