using System.Threading.Channels;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>One worker's open stream and what it was given over it.</summary>
internal sealed class WorkStream
{
    private readonly Channel<Work> _channel = Channel.CreateUnbounded<Work>(new UnboundedChannelOptions { SingleReader = true });

    public HashSet<Work> Given { get; } = new(ReferenceEqualityComparer.Instance);

    public IAsyncEnumerable<Work> ReadAllAsync(CancellationToken cancellationToken) => _channel.Reader.ReadAllAsync(cancellationToken);

    public void Give(Work work)
    {
        Given.Add(work);
        _channel.Writer.TryWrite(work);
    }

    public void Close() => _channel.Writer.TryComplete();
}
