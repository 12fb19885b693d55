using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace MeshWorkflow.Sidecar.Storage;

/// <summary>
/// The state file. One thread writes: what arrives while a commit is under way goes into the next one together. A commit is on
/// disk before anybody hears of it. Readers see the last commit and block nobody.
/// </summary>
internal sealed class Database : IAsyncDisposable
{
    private const int MaxChangesPerCommit = 1024;

    // How long a change that can wait does so, for the one that follows from it.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(2);

    private readonly StateFileLock _lock;
    private readonly string _connectionString;
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private readonly BlockingCollection<Change> _changes = [];
    private readonly Thread _writer;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Database(StateFileLock fileLock, string connectionString, SqliteConnection connection)
    {
        _lock = fileLock;
        _connectionString = connectionString;
        _writer = new Thread(() => Write(connection)) { IsBackground = true, Name = "state-writer" };
        _writer.Start();
    }

    /// <summary>Opens a file, or makes it, and brings it up to date.</summary>
    /// <exception cref="StateFileException">The file is in use, damaged, newer than this release, or not ours.</exception>
    public static Database Open(string path)
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
            var connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString();
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

            return new Database(fileLock, connectionString, connection);
        }
        catch
        {
            fileLock.Dispose();
            throw;
        }
    }

    /// <summary>Why the last commit failed, or null: it did not.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Carries a change out and answers when it is on disk. Changes are carried out in the order of their calls.</summary>
    /// <exception cref="SqliteException">It could not be stored, the disk being full for example; nothing of it is.</exception>
    public Task CommitAsync(Action<Writer> change) => CommitAsync(writer =>
    {
        change(writer);
        return true;
    });

    /// <summary>Carries a change out and answers what it found when it is on disk.</summary>
    /// <exception cref="SqliteException">It could not be stored, the disk being full for example; nothing of it is.</exception>
    public Task<T> CommitAsync<T>(Func<Writer, T> change) => Enqueue(new Change<T>(change, isPatient: false, onLost: null));

    /// <summary>
    /// As <see cref="CommitAsync(Action{Writer})"/>, for a change that another one is about to follow from: the two share a commit,
    /// if the other comes soon.
    /// </summary>
    /// <param name="change">The change.</param>
    /// <param name="onLost">Called when it could not be stored, before any later change is carried out.</param>
    /// <exception cref="SqliteException">It could not be stored, the disk being full for example; nothing of it is.</exception>
    public Task CommitWithNextAsync(Action<Writer> change, Action onLost) => Enqueue(new Change<bool>(
        writer =>
        {
            change(writer);
            return true;
        },
        isPatient: true,
        onLost));

    private Task<T> Enqueue<T>(Change<T> change)
    {
        ObjectDisposedException.ThrowIf(_changes.IsAddingCompleted, this);
        _changes.Add(change);
        return change.Task;
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

    /// <summary>Copies the last commit into a new file. Writers go on meanwhile.</summary>
    /// <exception cref="StateFileException">The copy can't be made there.</exception>
    public async Task BackupAsync(string path)
    {
        if (File.Exists(path))
        {
            throw new StateFileException($"'{path}' exists. A backup never overwrites anything: choose another name.");
        }

        // A copy takes as long as the disk takes: not on the caller's thread.
        await Task.Run(() => Copy(path));
    }

    private void Copy(string path)
    {
        try
        {
            CreateOwnerOnly(path);
            using var connection = new SqliteConnection(_connectionString);
            connection.Open();
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
        _changes.CompleteAdding();
        await _stopped.Task;
        _changes.Dispose();
        foreach (var reader in _readers)
        {
            reader.Dispose();
        }

        _lock.Dispose();
    }

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
            PRAGMA synchronous = FULL;
            PRAGMA wal_autocheckpoint = 4000;
            PRAGMA journal_size_limit = 67108864;
            PRAGMA cache_size = -16000;
            """);
    }

    private static void CheckpointOnClose(SqliteConnection connection, bool isOn)
    {
        const int NoCheckpointOnClose = 1006;
        _ = SQLitePCL.raw.sqlite3_db_config(connection.Handle, NoCheckpointOnClose, isOn ? 0 : 1, out _);
    }

    private void Write(SqliteConnection connection)
    {
        using (connection)
        {
            using var writer = new Writer(connection);
            var batch = new List<Change>();
            foreach (var first in _changes.GetConsumingEnumerable())
            {
                batch.Add(first);
                Gather(batch, TimeSpan.Zero);
                if (batch.TrueForAll(change => change.IsPatient))
                {
                    Gather(batch, Patience);
                }

                var started = Stopwatch.GetTimestamp();
                Commit(writer, batch);
                SidecarMetrics.Committed(batch.Count, Stopwatch.GetElapsedTime(started));
                batch.Clear();
            }
        }

        _stopped.SetResult();
    }

    private void Gather(List<Change> batch, TimeSpan patience)
    {
        var started = Stopwatch.GetTimestamp();
        var left = patience;
        while (batch.Count < MaxChangesPerCommit && _changes.TryTake(out var next, left))
        {
            batch.Add(next);
            left = next.IsPatient ? patience - Stopwatch.GetElapsedTime(started) : TimeSpan.Zero;
            left = left < TimeSpan.Zero ? TimeSpan.Zero : left;
        }
    }

    // One failing change must not take its neighbours down: they are carried out again, one by one.
    private void Commit(Writer writer, List<Change> batch)
    {
        var failure = TryCommit(writer, batch);
        Trouble = (failure as SqliteException)?.Message;
        if (failure is null)
        {
            batch.ForEach(change => change.Succeeded());
        }
        else if (batch.Count == 1)
        {
            batch[0].Failed(failure);
        }
        else
        {
            foreach (var change in batch)
            {
                Commit(writer, [change]);
            }
        }
    }

    private static Exception? TryCommit(Writer writer, List<Change> batch)
    {
        try
        {
            writer.Begin();
            batch.ForEach(change => change.Apply(writer));
            writer.Commit();
            return null;
        }
        catch (Exception exception)
        {
            writer.Rollback();
            return exception;
        }
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

    private abstract class Change(bool isPatient)
    {
        public bool IsPatient { get; } = isPatient;

        public abstract void Apply(Writer writer);

        public abstract void Succeeded();

        public abstract void Failed(Exception exception);
    }

    private sealed class Change<T>(Func<Writer, T> apply, bool isPatient, Action? onLost) : Change(isPatient)
    {
        private readonly TaskCompletionSource<T> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Action? _answer;

        public Task<T> Task => _source.Task;

        public override void Apply(Writer writer)
        {
            var result = apply(writer);
            _answer = () => _source.SetResult(result);
        }

        public override void Succeeded() => _answer?.Invoke();

        public override void Failed(Exception exception)
        {
            onLost?.Invoke();
            _source.SetException(exception);
        }
    }
}
