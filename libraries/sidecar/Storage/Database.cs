using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;

namespace MeshWorkflow.Sidecar.Storage;

/// <summary>
/// The state file. What is committed outlives this process at once, and a loss of power when it is flushed; nobody outside hears of
/// anything before that. Readers see the last commit and block nobody.
/// </summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly StateFileLock _lock;
    private readonly string _connectionString;
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private readonly Flusher _flusher;
    private readonly ChangeQueue _changes;
    private volatile bool _isClosed;

    private Database(StateFileLock fileLock, string connectionString, SqliteConnection connection, Flusher flusher)
    {
        _lock = fileLock;
        _connectionString = connectionString;
        _flusher = flusher;
        _changes = new ChangeQueue(connection, flusher.Written);
    }

    /// <summary>Opens a file, or makes it, and brings it up to date.</summary>
    /// <param name="path">The file.</param>
    /// <param name="flush">How a file is flushed; null: by the system.</param>
    /// <exception cref="StateFileException">The file is in use, damaged, newer than this release, or not ours.</exception>
    public static Database Open(string path, Action<SafeFileHandle>? flush = null)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path));
        if (directory is not null)
        {
            Directory.CreateDirectory(directory);
        }

        var fileLock = StateFileLock.Take(path);
        try
        {
            CreateOwnerOnly(path);
            var connectionString = ConnectionString(path);
            var connection = new SqliteConnection(connectionString);
            try
            {
                Prepare(connection, path);
            }
            catch
            {
                connection.Dispose();
                throw;
            }

            return new Database(fileLock, connectionString, connection, new Flusher(path + "-wal", flush ?? RandomAccess.FlushToDisk));
        }
        catch
        {
            fileLock.Dispose();
            throw;
        }
    }

    /// <summary>Why nothing can be stored, or null: it can.</summary>
    public string? Trouble => _flusher.Trouble ?? _changes.Trouble;

    /// <summary>Carries a change out and answers when it is committed. Changes are carried out in the order of their calls.</summary>
    /// <exception cref="SqliteException">It could not be stored, the disk being full for example; nothing of it is.</exception>
    public Task CommitAsync(Action<Writer> change) => CommitAsync(writer =>
    {
        change(writer);
        return true;
    });

    /// <summary>Carries a change out and answers what it found when it is committed.</summary>
    /// <exception cref="SqliteException">It could not be stored, the disk being full for example; nothing of it is.</exception>
    public Task<T> CommitAsync<T>(Func<Writer, T> change) => Add(new Change<T>(change, isPatient: false, onLost: null));

    /// <summary>
    /// As <see cref="CommitAsync(Action{Writer})"/>, for a change that another one is about to follow from: the two share a commit,
    /// if the other comes soon.
    /// </summary>
    /// <param name="change">The change.</param>
    /// <param name="onLost">Called when it could not be stored, before any later change is carried out.</param>
    /// <exception cref="SqliteException">It could not be stored, the disk being full for example; nothing of it is.</exception>
    public Task CommitWithNextAsync(Action<Writer> change, Action onLost) => Add(new Change<bool>(
        writer =>
        {
            change(writer);
            return true;
        },
        isPatient: true,
        onLost));

    /// <summary>Ends when everything that is committed now is on disk: whoever answers a caller waits for it first.</summary>
    /// <exception cref="StateFileException">A flush failed: what is on disk is not known until the next start.</exception>
    public Task FlushAsync() => _flusher.FlushAsync();

    /// <summary>Gives what deletions left empty back to the system, if it is much; a little at a time, so that nobody waits long.</summary>
    public async Task ReleaseAsync()
    {
        while (await CommitAsync(Release))
        {
        }
    }

    private static bool Release(Writer writer)
    {
        const int WorthIt = 1_000;
        var before = Free();
        if (before < WorthIt || before < writer.Scalar("PRAGMA page_count") / 4)
        {
            return false;
        }

        writer.Run("PRAGMA incremental_vacuum(1000)");

        // A file from before this could be done stays as it is until it is compacted.
        return Free() < before;

        long Free() => writer.Scalar("PRAGMA freelist_count") ?? 0;
    }

    private Task<T> Add<T>(Change<T> change)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        return _flusher.Trouble is { } trouble ? throw new StateFileException(trouble) : _changes.Add(change);
    }

    /// <summary>Reads from the last commit.</summary>
    public T Read<T>(Func<SqliteConnection, T> query)
    {
        if (!_readers.TryTake(out var connection))
        {
            connection = new SqliteConnection(_connectionString);
            connection.Open();
            Execute(connection, "PRAGMA query_only = ON");
        }

        try
        {
            return query(connection);
        }
        finally
        {
            _readers.Add(connection);
        }
    }

    /// <summary>Opens a file that another process may be running on, to look into it.</summary>
    /// <exception cref="StateFileException">There is none, or it is damaged, of another release or not ours.</exception>
    public static SqliteConnection OpenToRead(string path)
    {
        if (!File.Exists(path))
        {
            throw new StateFileException($"There is no state file '{path}': nothing has been started on it yet.");
        }

        var connection = new SqliteConnection(ConnectionString(path));
        try
        {
            connection.Open();
            CheckpointOnClose(connection, isOn: false);
            Schema.Check(connection, path);
            Execute(connection, "PRAGMA query_only = ON");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Writes a file that nobody uses anew, without the room that deletions left in it.</summary>
    /// <exception cref="StateFileException">It is in use, or can't be used.</exception>
    public static void Compact(string path)
    {
        using var fileLock = StateFileLock.Take(path);
        using var connection = new SqliteConnection(ConnectionString(path));
        Prepare(connection, path);
        Execute(connection, "PRAGMA auto_vacuum = INCREMENTAL; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
    }

    /// <summary>Copies the last commit into a new file. Writers go on meanwhile.</summary>
    /// <exception cref="StateFileException">The copy can't be made there.</exception>
    public Task BackupAsync(string path) => Task.Run(() =>
    {
        // A copy takes as long as the disk takes: not on the caller's thread.
        using var connection = new SqliteConnection(_connectionString);
        connection.Open();
        Copy(connection, path);
    });

    /// <summary>Copies what a connection sees into a new file.</summary>
    /// <exception cref="StateFileException">The copy can't be made there.</exception>
    public static void Copy(SqliteConnection connection, string path)
    {
        if (File.Exists(path))
        {
            throw new StateFileException($"'{path}' exists. A backup never overwrites anything: choose another name.");
        }

        try
        {
            CreateOwnerOnly(path);

            // To SQLite a copy is a write, though nothing is written here.
            Execute(connection, "PRAGMA query_only = OFF");
            using var command = connection.CreateCommand();
            command.CommandText = "VACUUM INTO $1";
            command.Parameters.AddWithValue("$1", path);
            command.ExecuteNonQuery();
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StateFileException($"The backup '{path}' could not be made: {exception.Message}", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        foreach (var reader in _readers)
        {
            reader.Dispose();
        }

        // The last connection to close carries the log over into the file; until then the log has to be there to be flushed.
        _flusher.Dispose();
        await _changes.DisposeAsync();
        _lock.Dispose();
    }

    private static string ConnectionString(string path) =>
        new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString();

    private static void Prepare(SqliteConnection connection, string path)
    {
        connection.Open();

        // A file that is refused stays as it is: what a crash left in its log isn't carried over by closing it.
        CheckpointOnClose(connection, isOn: false);
        Schema.Migrate(connection, path);
        CheckpointOnClose(connection, isOn: true);
        Execute(
            connection,
            """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = NORMAL;
            PRAGMA wal_autocheckpoint = 10000;
            PRAGMA journal_size_limit = 67108864;
            PRAGMA cache_size = -16000;
            """);
    }

    private static void CheckpointOnClose(SqliteConnection connection, bool isOn)
    {
        const int NoCheckpointOnClose = 1006;
        _ = SQLitePCL.raw.sqlite3_db_config(connection.Handle, NoCheckpointOnClose, isOn ? 0 : 1, out _);
    }

    private static void Execute(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    // The file holds inputs and results of workflows: nobody but its owner reads it.
    private static void CreateOwnerOnly(string path)
    {
        if (!OperatingSystem.IsWindows() && !File.Exists(path))
        {
            using var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
    }
}
