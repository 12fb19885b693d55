using Dapr.Client;

namespace MeshWorkflow.Ledger;

/// <summary>
/// The state component <c>meshworkflow</c>, as our apps use it: strong reads, and writes that never overwrite what they have not
/// seen. Its <c>keyPrefix</c> must be <c>name</c>, so that all apps see the same keys.
/// </summary>
/// <param name="dapr">The app's own sidecar.</param>
public sealed class MeshState(DaprClient dapr)
{
    /// <summary>The component's name.</summary>
    public const string Component = "meshworkflow";

    private static readonly StateOptions FirstWrite = new()
    {
        Concurrency = ConcurrencyMode.FirstWrite,
        Consistency = ConsistencyMode.Strong,
    };

    /// <summary>Reads a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>What it holds, or <see langword="null"/>: nothing.</returns>
    public async Task<MeshStateValue?> GetAsync(string key, CancellationToken cancellationToken)
    {
        var (value, etag) = await dapr.GetByteStateAndETagAsync(
            Component, key, ConsistencyMode.Strong, cancellationToken: cancellationToken);
        return value.IsEmpty ? null : new MeshStateValue(value, etag);
    }

    /// <summary>Writes a key that must not exist.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">What it is to hold; not empty.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>Whether it was written; <see langword="false"/>: it exists already.</returns>
    public Task<bool> CreateAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        dapr.TrySaveByteStateAsync(Component, key, value, etag: "", FirstWrite, cancellationToken: cancellationToken);

    /// <summary>Writes a key that nobody must have written since it was read.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">What it is to hold; not empty.</param>
    /// <param name="etag">The version that was read.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>Whether it was written; <see langword="false"/>: somebody was faster.</returns>
    public Task<bool> ReplaceAsync(string key, ReadOnlyMemory<byte> value, string etag, CancellationToken cancellationToken) =>
        dapr.TrySaveByteStateAsync(Component, key, value, etag, FirstWrite, cancellationToken: cancellationToken);

    /// <summary>Reads, changes and writes a key, again and again until nobody was faster.</summary>
    /// <param name="key">The key.</param>
    /// <param name="change">From what it holds, or <see langword="null"/>, to what it is to hold; <see langword="null"/>: leave it.</param>
    /// <param name="cancellationToken">Stops trying.</param>
    /// <returns>Whether anything was written.</returns>
    public async Task<bool> UpdateAsync(
        string key, Func<ReadOnlyMemory<byte>?, ReadOnlyMemory<byte>?> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var current = await GetAsync(key, cancellationToken);
            if (change(current?.Value) is not { } next)
            {
                return false;
            }

            if (next.IsEmpty)
            {
                // It would read back as absent, and be written again for ever.
                throw new ArgumentException($"'{key}' can't hold nothing.", nameof(change));
            }

            var written = current is null
                ? await CreateAsync(key, next, cancellationToken)
                : await ReplaceAsync(key, next, current.Etag, cancellationToken);
            if (written)
            {
                return true;
            }
        }
    }
}
