using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Ledger;

/// <summary>The plans of all steps. An entry is written once and never changed.</summary>
/// <param name="state">The shared state.</param>
/// <param name="codec">How entries are written.</param>
public sealed class StepLedger(MeshState state, LedgerCodec codec)
{
    /// <summary>Reads an entry.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The entry, or <see langword="null"/>: there is none.</returns>
    public async Task<LedgerEntry?> GetAsync(string key, CancellationToken cancellationToken) =>
        await state.GetAsync(key, cancellationToken) is { } found ? codec.Read(found.Value) : null;

    /// <summary>Writes an entry, unless one lies there: then that one counts.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The entry that lies there now.</returns>
    public async Task<LedgerEntry> AddAsync(LedgerEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var key = LedgerKeys.Entry(entry.Call);
        if (await state.CreateAsync(key, codec.Write(entry), cancellationToken))
        {
            return entry;
        }

        return await GetAsync(key, cancellationToken)
            ?? throw new InvalidOperationException($"The ledger has '{key}' and has it not. Is the state store's consistency strong?");
    }
}
