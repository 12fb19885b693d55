using System.Collections.Concurrent;
using MeshWorkflow.GoogleCloud.Credentials;

namespace MeshWorkflow.ControlPlane.Clusters;

/// <summary>Facts that one call answers for many clusters, read once and good for a while. Whoever asks while it is read waits for the same answer.</summary>
internal sealed class ScopeReads(GoogleCredentials credentials, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    // The read is for all who wait for it: it does not end with the one who began it.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public Task<T> GetAsync<T>(string key, Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        GetAsync(key, read, static _ => true, cancellationToken);

    /// <param name="key">What is read.</param>
    /// <param name="read">Reads it.</param>
    /// <param name="isLasting">Whether an answer is kept: one that says that something is missing may soon be out of date.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async Task<T> GetAsync<T>(
        string key, Func<CancellationToken, Task<T>> read, Func<T, bool> isLasting, CancellationToken cancellationToken)
    {
        // Others may be told something else.
        key = KeyOf(key);
        var now = time.GetUtcNow();
        foreach (var old in _entries.Where(entry => entry.Value.Until <= now))
        {
            _entries.TryRemove(old);
        }

        var entry = _entries.GetOrAdd(key, _ => new Entry(now + Lifetime, new Lazy<Task>(() => ReadAsync(read))));
        try
        {
            var answer = await ((Task<T>)entry.Answer.Value).WaitAsync(cancellationToken);
            if (!isLasting(answer))
            {
                _entries.TryRemove(KeyValuePair.Create(key, entry));
            }

            return answer;
        }
        catch (Exception) when (entry.Answer.Value.IsFaulted || entry.Answer.Value.IsCanceled)
        {
            // A failure is nobody else's answer.
            _entries.TryRemove(KeyValuePair.Create(key, entry));
            throw;
        }
    }

    /// <summary>Somebody has seen that it is out of date: the next one reads it anew.</summary>
    public void Forget(string key) => _entries.TryRemove(KeyOf(key), out _);

    private string KeyOf(string key) => $"{credentials.Caller} {key}";

    private async Task<T> ReadAsync<T>(Func<CancellationToken, Task<T>> read)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        return await read(limit.Token);
    }

    private sealed record Entry(DateTimeOffset Until, Lazy<Task> Answer);
}
