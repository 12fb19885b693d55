using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace MeshWorkflow.Sidecar.Storage;

/// <summary>
/// Brings the log of what was committed onto the disk. A commit hands its pages to the system, which keeps them whatever becomes of
/// this process; only a flush keeps them through a loss of power. One flush serves all who wait when it begins.
/// </summary>
/// <param name="logFile">SQLite's write-ahead log.</param>
/// <param name="flush">Flushes a file.</param>
internal sealed class Flusher(string logFile, Action<SafeFileHandle> flush) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _wanted = new(0);
    private List<TaskCompletionSource> _waiting = [];
    private SafeFileHandle? _log;
    private Thread? _thread;
    private long _written;
    private long _flushed;
    private Exception? _failure;
    private bool _isClosed;

    /// <summary>Why nothing can be flushed any more, or null: it can.</summary>
    public string? Trouble => Volatile.Read(ref _failure)?.Message;

    /// <summary>Says that something more is written.</summary>
    public void Written() => Interlocked.Increment(ref _written);

    /// <summary>Ends when everything that is written now is on disk.</summary>
    /// <exception cref="StateFileException">A flush failed: what is on disk is not known until the next start.</exception>
    public Task FlushAsync()
    {
        if (Volatile.Read(ref _flushed) >= Volatile.Read(ref _written))
        {
            return Task.CompletedTask;
        }

        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_failure is not null || _isClosed)
            {
                return Task.FromException(_failure ?? new ObjectDisposedException(nameof(Database)));
            }

            _waiting.Add(waiter);
            if (_waiting.Count == 1)
            {
                _thread ??= Start();
                _wanted.Release();
            }
        }

        return waiter.Task;
    }

    /// <summary>Flushes what is left and stops.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            _wanted.Release();
        }

        _thread?.Join();
        _log?.Dispose();
        _wanted.Dispose();
    }

    private Thread Start()
    {
        var thread = new Thread(Run) { IsBackground = true, Name = "state-flush" };
        thread.Start();
        return thread;
    }

    private void Run()
    {
        while (true)
        {
            _wanted.Wait();
            List<TaskCompletionSource> waiters;
            lock (_gate)
            {
                if (_waiting.Count == 0 && _isClosed)
                {
                    return;
                }

                (waiters, _waiting) = (_waiting, []);
            }

            Serve(waiters);
        }
    }

    private void Serve(List<TaskCompletionSource> waiters)
    {
        var written = Volatile.Read(ref _written);
        if (_failure is null)
        {
            TryFlush(written);
        }

        foreach (var waiter in waiters)
        {
            if (_failure is null)
            {
                waiter.SetResult();
            }
            else
            {
                waiter.SetException(_failure);
            }
        }
    }

    private void TryFlush(long written)
    {
        try
        {
            var started = Stopwatch.GetTimestamp();

            // Shared with everybody: a lock of ours would only be in SQLite's way.
            _log ??= File.OpenHandle(logFile, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            flush(_log);
            Volatile.Write(ref _flushed, written);
            SidecarMetrics.Flushed(Stopwatch.GetElapsedTime(started));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // After a failed flush nobody knows what of the pages is on disk, and a second flush would not tell.
            lock (_gate)
            {
                _failure = new StateFileException(
                    $"The state file's log '{logFile}' could not be flushed to disk ({exception.Message}). Nothing is accepted any more: look at the disk, and start again.",
                    exception);
            }
        }
    }
}
