using System.IO.Compression;
using System.Security.Cryptography;

namespace MeshWorkflow.Ledger;

/// <summary>Bodies that are too large for a plan, such as rendered manifests: gzipped, named by their digest, written once.</summary>
/// <param name="state">The shared state.</param>
public sealed class Blobs(MeshState state)
{
    /// <summary>How large a blob may be, gzipped.</summary>
    public const int MaxSize = 1024 * 1024;

    // A rollout over a thousand clusters reads the same few bodies again and again.
    private const int KeptBytes = 32 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, byte[]> _kept = [];
    private int _keptBytes;

    /// <summary>Writes a body, unless it lies there.</summary>
    /// <param name="content">The body.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>Its digest: SHA-256, in hexadecimal.</returns>
    /// <exception cref="BlobTooLargeException">It is larger than <see cref="MaxSize"/>.</exception>
    public async Task<string> AddAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(content.Span));
        if (Kept(digest) is null)
        {
            var packed = Gzip.Pack(content.Span, CompressionLevel.SmallestSize);
            if (packed.Length > MaxSize)
            {
                throw new BlobTooLargeException($"A body of {content.Length} bytes is {packed.Length} bytes gzipped; {MaxSize} are the limit.");
            }

            await state.CreateAsync(LedgerKeys.Blob(digest), packed, cancellationToken);
            Keep(digest, content.ToArray());
        }

        return digest;
    }

    /// <summary>Reads a body.</summary>
    /// <param name="digest">Its digest.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The body, or <see langword="null"/>: there is none of that digest.</returns>
    /// <exception cref="InvalidDataException">What lies there is something else.</exception>
    public async Task<ReadOnlyMemory<byte>?> GetAsync(string digest, CancellationToken cancellationToken)
    {
        if (Kept(digest) is { } kept)
        {
            return kept;
        }

        if (await state.GetAsync(LedgerKeys.Blob(digest), cancellationToken) is not { } found)
        {
            return null;
        }

        var content = Gzip.Unpack(found.Value);
        if (Convert.ToHexStringLower(SHA256.HashData(content)) != digest)
        {
            throw new InvalidDataException($"The state's body '{digest}' is not what its name says.");
        }

        Keep(digest, content);
        return content;
    }

    private byte[]? Kept(string digest)
    {
        lock (_gate)
        {
            return _kept.GetValueOrDefault(digest);
        }
    }

    private void Keep(string digest, byte[] content)
    {
        lock (_gate)
        {
            if (_keptBytes + content.Length > KeptBytes)
            {
                _kept.Clear();
                _keptBytes = 0;
            }

            if (content.Length <= KeptBytes && _kept.TryAdd(digest, content))
            {
                _keptBytes += content.Length;
            }
        }
    }
}

/// <summary>A body is too large for the state.</summary>
/// <param name="message">Which, and how large.</param>
public sealed class BlobTooLargeException(string message) : Exception(message);
