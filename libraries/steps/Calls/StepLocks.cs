using System.Collections.Concurrent;
using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Steps.Calls;

/// <summary>One write call at a time per scope and step: two deliveries of one call may overlap.</summary>
internal sealed class StepLocks
{
    private readonly ConcurrentDictionary<(string Scope, string Step), Entry> _entries = new();

    public async Task<IDisposable> TakeAsync(Call call, CancellationToken cancellationToken)
    {
        var key = (call.Scope, call.Step);
        while (true)
        {
            var entry = _entries.GetOrAdd(key, _ => new Entry());
            lock (entry)
            {
                if (entry.IsGone)
                {
                    continue;
                }

                entry.Users++;
            }

            try
            {
                await entry.Gate.WaitAsync(cancellationToken);
            }
            catch
            {
                Leave(key, entry);
                throw;
            }

            return new Taken(() =>
            {
                entry.Gate.Release();
                Leave(key, entry);
            });
        }
    }

    // The last one out takes the entry along, so that a thousand clusters leave nothing behind.
    private void Leave((string Scope, string Step) key, Entry entry)
    {
        lock (entry)
        {
            if (--entry.Users == 0)
            {
                entry.IsGone = true;
                _entries.TryRemove(key, out _);
                entry.Gate.Dispose();
            }
        }
    }

    private sealed class Entry
    {
        public SemaphoreSlim Gate { get; } = new(1);

        public int Users { get; set; }

        public bool IsGone { get; set; }
    }

    private sealed class Taken(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }
}
