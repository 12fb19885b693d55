namespace MeshWorkflow.Sidecar.Invocation;

/// <summary>A request's body that can be read again from its start, as long as it has not grown too large to be kept.</summary>
internal sealed class ReplayBody(Stream source, int limit) : Stream
{
    private MemoryStream? _kept = new();
    private long _position;

    /// <summary>Whether all that was read so far can be read again.</summary>
    public bool CanRewind => _kept is not null;

    /// <summary>Whether anything was read.</summary>
    public bool IsUntouched => _kept is { Length: 0 };

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The next read begins at the start.</summary>
    public void Rewind() => _position = 0;

    /// <summary>Lets go of what was kept: it will not be read again.</summary>
    public void Forget()
    {
        if (_kept is { } kept && _position == kept.Length)
        {
            _kept = null;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_kept is { } kept && _position < kept.Length)
        {
            kept.Position = _position;
            var repeated = kept.Read(buffer.Span);
            _position += repeated;
            return repeated;
        }

        var read = await source.ReadAsync(buffer, cancellationToken);
        Keep(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Keep(ReadOnlySpan<byte> read)
    {
        if (_kept is not { } kept)
        {
            return;
        }

        if (kept.Length + read.Length > limit)
        {
            _kept = null;
            return;
        }

        kept.Position = kept.Length;
        kept.Write(read);
        _position = kept.Length;
    }
}
