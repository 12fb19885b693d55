namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>How many instances have not ended, and how many there may be.</summary>
/// <param name="count">How many there are at the start.</param>
/// <param name="limit">How many there may be.</param>
internal sealed class ActiveInstances(long count, int limit)
{
    private long _count = count;

    public long Count => Interlocked.Read(ref _count);

    public int Limit { get; } = limit;

    public bool IsFull => Count >= Limit;

    public void Began() => Interlocked.Increment(ref _count);

    public void Ended() => Interlocked.Decrement(ref _count);
}
