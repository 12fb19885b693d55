namespace MeshWorkflow.Tests.Conformance.AnyWorker;

/// <summary>Counts what happens, and tells who waits for it.</summary>
internal sealed class Tally
{
    private readonly Lock _gate = new();
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiting = [];
    private int _count;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    public int Add()
    {
        lock (_gate)
        {
            _count++;
            _waiting.RemoveAll(waiting => waiting.Count <= _count && waiting.Reached.TrySetResult());
            return _count;
        }
    }

    public Task ReachedAsync(int count)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_count >= count)
            {
                return Task.CompletedTask;
            }

            _waiting.Add((count, reached));
        }

        return reached.Task.WaitAsync(Patience.Limit, TimeProvider.System);
    }
}
