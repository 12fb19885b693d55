namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>
/// Gives an app's work to its workers. Work belongs to a stream for as long as the stream lives: when it ends, what was not
/// answered goes to the next. Without a worker, work waits.
/// </summary>
internal sealed class WorkHub(string app, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<WorkStream> _streams = [];
    private readonly Queue<Work> _waiting = new();
    private readonly Dictionary<string, (Work Work, WorkStream? Stream)> _open = [];

    // By what answers without a token name; of several the latest.
    private readonly Dictionary<(string Instance, int Task), string> _byName = [];
    private TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _next;

    public string App { get; } = app;

    /// <summary>Called when a worker has connected.</summary>
    public event Action? WorkerConnected;

    public int ConnectedWorkers
    {
        get
        {
            lock (_gate)
            {
                return _streams.Count;
            }
        }
    }

    /// <summary>What is open, and the oldest of it that no worker has.</summary>
    public (int Open, int Waiting, DateTimeOffset? WaitingSince) Queue
    {
        get
        {
            lock (_gate)
            {
                var waiting = _open.Values.Where(open => open.Stream is null).Select(open => open.Work.Since).ToList();
                return (_open.Count, waiting.Count, waiting.Count == 0 ? null : waiting.Min());
            }
        }
    }

    public Task WaitForWorkerAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _connected.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Ends all waits for a worker: the sidecar stops.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _connected.TrySetException(WorkflowRefusedException.ShuttingDown());
        }
    }

    /// <exception cref="WorkflowRefusedException">There are too many.</exception>
    public WorkStream Connect(int maxWorkers)
    {
        var stream = new WorkStream();
        lock (_gate)
        {
            if (_streams.Count >= maxWorkers)
            {
                throw WorkflowRefusedException.TooMany($"workers of app '{App}' connected", maxWorkers);
            }

            _streams.Add(stream);
            _connected.TrySetResult();
            while (_waiting.TryDequeue(out var work))
            {
                // What was dropped meanwhile is no longer open.
                if (_open.ContainsKey(work.Token))
                {
                    Give(work);
                }
            }
        }

        WorkerConnected?.Invoke();
        return stream;
    }

    public void Disconnect(WorkStream stream)
    {
        stream.Close();
        lock (_gate)
        {
            _streams.Remove(stream);
            if (_streams.Count == 0)
            {
                _connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            foreach (var work in stream.Given)
            {
                Give(work);
            }

            stream.Given.Clear();
        }
    }

    public void Add(Work work)
    {
        work.Since = time.GetUtcNow();
        lock (_gate)
        {
            Give(work);
        }
    }

    /// <summary>Takes open work off the list, so that it is answered once.</summary>
    /// <param name="token">The token that the answer carries; some workers send none.</param>
    /// <param name="name">What tells the work when there is no token.</param>
    /// <returns>The work, or null: nobody waits for this answer any more.</returns>
    public TWork? Take<TWork>(string? token, (string Instance, int Task) name)
        where TWork : Work
    {
        lock (_gate)
        {
            if (string.IsNullOrEmpty(token) && !_byName.TryGetValue(name, out token))
            {
                return null;
            }

            return _open.TryGetValue(token, out var found) && found.Work is TWork work && work.Name == name && Remove(token) ? work : null;
        }
    }

    /// <summary>Forgets work that nobody waits for any more, wherever it is.</summary>
    public void Drop(string token)
    {
        lock (_gate)
        {
            Remove(token);
        }
    }

    // Called under the gate.
    private void Give(Work work)
    {
        _byName[work.Name] = work.Token;
        if (_streams.Count == 0)
        {
            _open[work.Token] = (work, null);
            _waiting.Enqueue(work);
            return;
        }

        var stream = _streams[_next++ % _streams.Count];
        _open[work.Token] = (work, stream);
        stream.Give(work);
    }

    // Called under the gate.
    private bool Remove(string token)
    {
        if (!_open.Remove(token, out var open))
        {
            return false;
        }

        if (_byName.TryGetValue(open.Work.Name, out var latest) && latest == token)
        {
            _byName.Remove(open.Work.Name);
        }

        open.Stream?.Given.Remove(open.Work);
        return true;
    }
}
