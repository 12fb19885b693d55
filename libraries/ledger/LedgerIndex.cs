using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MeshWorkflow.Ledger;

/// <summary>
/// Which plans there are: per scope the generations that planned for it, per generation its entries in the order of their making.
/// Written before anything is applied, so that whatever may have happened can be found and undone.
/// </summary>
/// <param name="state">The shared state.</param>
public sealed class LedgerIndex(MeshState state)
{
    /// <summary>Lists an entry, and its generation.</summary>
    /// <param name="run">The rollout's generation.</param>
    /// <param name="scope">The scope.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>A task that ends when it is listed.</returns>
    public async Task AddAsync(string run, string scope, IndexedEntry entry, CancellationToken cancellationToken)
    {
        await ChangeAsync(
            LedgerKeys.ScopeIndex(scope), LedgerIndexJson.Default.ListIndexedRun, runs => Standing(runs, run), cancellationToken);
        await ChangeAsync(
            LedgerKeys.RunIndex(run, scope),
            LedgerIndexJson.Default.ListIndexedEntry,
            entries => entries.Contains(entry) ? null : [.. entries, entry],
            cancellationToken);
    }

    /// <summary>Lists a generation's entries for a scope.</summary>
    /// <param name="run">The rollout's generation.</param>
    /// <param name="scope">The scope.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The entries in the order of their making.</returns>
    public async Task<IReadOnlyList<IndexedEntry>> EntriesAsync(string run, string scope, CancellationToken cancellationToken) =>
        await state.GetAsync(LedgerKeys.RunIndex(run, scope), cancellationToken) is { } found
            ? JsonSerializer.Deserialize(found.Value.Span, LedgerIndexJson.Default.ListIndexedEntry) ?? []
            : [];

    /// <summary>Says that nothing of a generation stands in a scope any more. A later plan of the same generation takes it back.</summary>
    /// <param name="run">The rollout's generation.</param>
    /// <param name="scope">The scope.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>A task that ends when it is written.</returns>
    public Task MarkUndoneAsync(string run, string scope, CancellationToken cancellationToken) => ChangeAsync(
        LedgerKeys.ScopeIndex(scope),
        LedgerIndexJson.Default.ListIndexedRun,
        runs => runs.Contains(new IndexedRun(run, IsUndone: false)) ? [.. runs.Select(r => r.Run == run ? r with { IsUndone = true } : r)] : null,
        cancellationToken);

    /// <summary>Lists the generations that planned for a scope.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The generations, oldest first.</returns>
    public async Task<IReadOnlyList<IndexedRun>> RunsAsync(string scope, CancellationToken cancellationToken) =>
        await state.GetAsync(LedgerKeys.ScopeIndex(scope), cancellationToken) is { } found
            ? JsonSerializer.Deserialize(found.Value.Span, LedgerIndexJson.Default.ListIndexedRun) ?? []
            : [];

    private static List<IndexedRun>? Standing(List<IndexedRun> runs, string run) =>
        runs.Contains(new IndexedRun(run, IsUndone: false)) ? null : [.. runs.Where(r => r.Run != run), new IndexedRun(run, IsUndone: false)];

    // The change answers the new list, or null: nothing is to be written.
    private Task<bool> ChangeAsync<T>(
        string key, JsonTypeInfo<List<T>> type, Func<List<T>, List<T>?> change, CancellationToken cancellationToken) =>
        state.UpdateAsync(
            key,
            current =>
            {
                var next = change(current is { } value ? JsonSerializer.Deserialize(value.Span, type) ?? [] : []);
                return next is null ? default(ReadOnlyMemory<byte>?) : JsonSerializer.SerializeToUtf8Bytes(next, type);
            },
            cancellationToken);
}

/// <summary>A listed plan.</summary>
/// <param name="App">The service that owns the step.</param>
/// <param name="Step">The step.</param>
/// <param name="Attempt">Which plan of it.</param>
/// <param name="Key">Where the plan lies.</param>
public sealed record IndexedEntry(string App, string Step, int Attempt, string Key);

/// <summary>A listed generation.</summary>
/// <param name="Run">The generation.</param>
/// <param name="IsUndone">Whether all that it did is undone.</param>
public sealed record IndexedRun(string Run, bool IsUndone);

/// <summary>How the lists are written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(List<IndexedRun>))]
[JsonSerializable(typeof(List<IndexedEntry>))]
internal sealed partial class LedgerIndexJson : JsonSerializerContext;
