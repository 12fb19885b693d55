using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeshWorkflow.Ledger;

/// <summary>
/// The epoch of a scope only grows and is never deleted. It is raised at the start of every install, compensation and unlock;
/// whoever holds a call of an older one writes nothing any more.
/// </summary>
/// <param name="state">The shared state.</param>
public sealed class Epochs(MeshState state)
{
    /// <summary>Reads a scope's epoch.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The epoch; 0: there is none yet.</returns>
    public async Task<long> CurrentAsync(string scope, CancellationToken cancellationToken) =>
        (await ReadAsync(scope, cancellationToken))?.Number ?? 0;

    /// <summary>Raises a scope's epoch. The same holder raises it once, however often it asks.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="holder">On whose behalf: a workflow instance's id.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The holder's epoch.</returns>
    public Task<long> RaiseAsync(string scope, string holder, CancellationToken cancellationToken) => RaiseAsync(scope, holder, from: null, cancellationToken);

    /// <summary>Raises a scope's epoch by one, unless somebody else has raised it meanwhile. Asked again, it answers the same.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="holder">On whose behalf: a workflow instance's id.</param>
    /// <param name="from">The epoch that it must have; null: any.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The holder's epoch; 0: it is somebody else's by now.</returns>
    public async Task<long> RaiseAsync(string scope, string holder, long? from, CancellationToken cancellationToken)
    {
        long raised = 0;
        await state.UpdateAsync(
            LedgerKeys.Epoch(scope),
            current =>
            {
                var epoch = Parse(current);
                if (epoch?.Holder == holder)
                {
                    raised = epoch.Number;
                    return null;
                }

                if (from is { } wanted && wanted != (epoch?.Number ?? 0))
                {
                    raised = 0;
                    return null;
                }

                raised = (epoch?.Number ?? 0) + 1;
                return JsonSerializer.SerializeToUtf8Bytes(new Epoch(raised, holder), EpochJson.Default.Epoch);
            },
            cancellationToken);
        return raised;
    }

    private async Task<Epoch?> ReadAsync(string scope, CancellationToken cancellationToken) =>
        Parse((await state.GetAsync(LedgerKeys.Epoch(scope), cancellationToken))?.Value);

    private static Epoch? Parse(ReadOnlyMemory<byte>? value) =>
        value is { } json ? JsonSerializer.Deserialize(json.Span, EpochJson.Default.Epoch) : null;
}

/// <summary>A scope's epoch.</summary>
/// <param name="Number">The number.</param>
/// <param name="Holder">Who raised it.</param>
internal sealed record Epoch(long Number, string Holder);

/// <summary>How epochs are written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Epoch))]
internal sealed partial class EpochJson : JsonSerializerContext;
