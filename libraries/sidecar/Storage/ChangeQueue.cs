using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace MeshWorkflow.Sidecar.Storage;

/// <summary>
/// Carries changes out, in the order of their arrival. Whoever brings one while nobody writes becomes the writer, and writes until
/// nothing is left: what arrives meanwhile goes into the next commit together. No thread waits for another one to begin.
/// </summary>
internal sealed class ChangeQueue : IAsyncDisposable
{
    private const int MaxChangesPerCommit = 1024;

    // How long a change that can wait does so, for the one that follows from it.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(2);

    // A lone workflow has two changes in a commit. More means that many are at work: then all wait a little, for company.
    private const int Company = 3;
    private static readonly TimeSpan Crowded = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan CrowdedPatience = TimeSpan.FromMilliseconds(1);

    private readonly SqliteConnection _connection;
    private readonly Action _committed;
    private readonly Writer _writer;
    private readonly ConcurrentQueue<Change> _changes = new();
    private readonly List<Change> _batch = [];
    private readonly ITimer _impatience;
    private int _isWaiting;
    private int _isWriting;
    private long _lastCommit;
    private volatile int _lastCompany;
    private volatile bool _isClosed;

    /// <param name="connection">The connection that writes.</param>
    /// <param name="committed">Called after each commit, before anybody hears of it.</param>
    public ChangeQueue(SqliteConnection connection, Action committed)
    {
        _connection = connection;
        _committed = committed;
        _writer = new Writer(connection);
        _impatience = TimeProvider.System.CreateTimer(_ => WaitedEnough(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Why the last commit failed, or null: it did not.</summary>
    public string? Trouble { get; private set; }

    public Task<T> Add<T>(Change<T> change)
    {
        _changes.Enqueue(change);
        if (change.IsPatient)
        {
            WriteAfter(Patience);
        }
        else if (_lastCompany >= Company && Stopwatch.GetElapsedTime(Volatile.Read(ref _lastCommit)) < Crowded)
        {
            WriteAfter(CrowdedPatience);
        }
        else
        {
            Write();
        }

        if (_isClosed)
        {
            Refuse();
        }

        return change.Task;
    }

    public async ValueTask DisposeAsync()
    {
        // Takes the writer's place and keeps it.
        while (Interlocked.Exchange(ref _isWriting, 1) == 1)
        {
            await Task.Yield();
        }

        WriteAll();
        _isClosed = true;
        Refuse();
        await _impatience.DisposeAsync();
        _writer.Dispose();
        await _connection.DisposeAsync();
    }

    // Whoever comes while the clock is running goes along.
    private void WriteAfter(TimeSpan patience)
    {
        if (Interlocked.Exchange(ref _isWaiting, 1) == 0)
        {
            _impatience.Change(patience, Timeout.InfiniteTimeSpan);
        }
    }

    private void WaitedEnough()
    {
        Interlocked.Exchange(ref _isWaiting, 0);
        Write();
    }

    private void Write()
    {
        // Looked at again after letting go: nothing that came in between stays behind.
        while (!_changes.IsEmpty && Interlocked.Exchange(ref _isWriting, 1) == 0)
        {
            try
            {
                WriteAll();
            }
            finally
            {
                Interlocked.Exchange(ref _isWriting, 0);
            }
        }
    }

    private void WriteAll()
    {
        while (Gather())
        {
            var started = Stopwatch.GetTimestamp();
            Commit(_batch);
            _lastCompany = _batch.Count;
            Volatile.Write(ref _lastCommit, Stopwatch.GetTimestamp());
            SidecarMetrics.Committed(_batch.Count, Stopwatch.GetElapsedTime(started));
            _batch.Clear();
        }
    }

    private bool Gather()
    {
        while (_batch.Count < MaxChangesPerCommit && _changes.TryDequeue(out var next))
        {
            _batch.Add(next);
        }

        return _batch.Count > 0;
    }

    private void Refuse()
    {
        while (_changes.TryDequeue(out var change))
        {
            change.Failed(new ObjectDisposedException(nameof(Database)));
        }
    }

    // One failing change must not take its neighbours down: they are carried out again, one by one.
    private void Commit(List<Change> batch)
    {
        var failure = TryCommit(batch);
        Trouble = (failure as SqliteException)?.Message;
        if (failure is null)
        {
            _committed();
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
                Commit([change]);
            }
        }
    }

    private Exception? TryCommit(List<Change> batch)
    {
        try
        {
            _writer.Begin();
            batch.ForEach(change => change.Apply(_writer));
            _writer.Commit();
            return null;
        }
        catch (Exception exception)
        {
            return RollBack() ?? exception;
        }
    }

    private SqliteException? RollBack()
    {
        try
        {
            _writer.Rollback();
            return null;
        }
        catch (SqliteException exception)
        {
            return exception;
        }
    }
}
