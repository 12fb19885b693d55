using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MeshWorkflow.Sidecar.Storage;

/// <summary>
/// The one connection that writes. Statements are prepared once and used again; at some per change and thousands of changes a
/// second they go to SQLite's own functions, without ADO.NET's reader for each.
/// </summary>
internal sealed class Writer(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, sqlite3_stmt> _prepared = [];

    private sqlite3 Handle => connection.Handle ?? throw new ObjectDisposedException(nameof(Writer));

    /// <summary>Runs a statement with its parameters ?1, ?2, ….</summary>
    /// <returns>How many rows it changed.</returns>
    public int Run(string statement, params ReadOnlySpan<object?> values)
    {
        var prepared = Bind(statement, values);
        try
        {
            while (Step(prepared))
            {
            }

            return raw.sqlite3_changes(Handle);
        }
        finally
        {
            raw.sqlite3_reset(prepared);
        }
    }

    /// <summary>Reads one whole number, or null where there is no row.</summary>
    public long? Scalar(string statement, params ReadOnlySpan<object?> values)
    {
        var prepared = Bind(statement, values);
        try
        {
            return Step(prepared) ? raw.sqlite3_column_int64(prepared, 0) : null;
        }
        finally
        {
            raw.sqlite3_reset(prepared);
        }
    }

    public void Begin() => Run("BEGIN IMMEDIATE");

    public void Commit() => Run("COMMIT");

    public void Rollback()
    {
        // A full disk can have rolled the transaction back already.
        if (raw.sqlite3_get_autocommit(Handle) == 0)
        {
            Run("ROLLBACK");
        }
    }

    public void Dispose()
    {
        foreach (var statement in _prepared.Values)
        {
            statement.Dispose();
        }
    }

    private bool Step(sqlite3_stmt statement)
    {
        var result = raw.sqlite3_step(statement);
        if (result is raw.SQLITE_ROW)
        {
            return true;
        }

        SqliteException.ThrowExceptionForRC(result, Handle);
        return false;
    }

    private sqlite3_stmt Bind(string statement, ReadOnlySpan<object?> values)
    {
        if (!_prepared.TryGetValue(statement, out var prepared))
        {
            var result = raw.sqlite3_prepare_v3(Handle, statement, raw.SQLITE_PREPARE_PERSISTENT, out prepared);
            SqliteException.ThrowExceptionForRC(result, Handle);
            _prepared.Add(statement, prepared);
        }

        for (var i = 0; i < values.Length; i++)
        {
            SqliteException.ThrowExceptionForRC(Bind(prepared, i + 1, values[i]), Handle);
        }

        return prepared;
    }

    private static int Bind(sqlite3_stmt statement, int index, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(statement, index),
        long number => raw.sqlite3_bind_int64(statement, index, number),
        int number => raw.sqlite3_bind_int64(statement, index, number),
        string text => raw.sqlite3_bind_text(statement, index, text),
        byte[] { Length: 0 } => raw.sqlite3_bind_zeroblob(statement, index, 0),
        byte[] bytes => raw.sqlite3_bind_blob(statement, index, bytes),
        _ => throw new ArgumentException($"A {value.GetType()} can't be stored.", nameof(value)),
    };
}
