using System.Text.Json;
using System.Text.Json.Serialization;
using MeshWorkflow.Ledger;

namespace MeshWorkflow.Steps.MeshConfig;

/// <summary>What was sent as a project's pool list. Never deleted: without it a later rollout would narrow the list.</summary>
/// <param name="state">The shared state.</param>
public sealed class PoolMemory(MeshState state)
{
    /// <summary>What was sent last, as far as is known.</summary>
    /// <param name="project">The project.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The pools, or <see langword="null"/>: nothing was.</returns>
    public async Task<IReadOnlyList<string>?> SentAsync(string project, CancellationToken cancellationToken) =>
        Read((await state.GetAsync(Key(project), cancellationToken))?.Value)?.Sent;

    /// <summary>Pools of several lists, each once, in their order.</summary>
    internal static IReadOnlyList<string> Union(params IEnumerable<string>?[] lists) =>
        [.. lists.SelectMany(list => list ?? []).Distinct(StringComparer.Ordinal)];

    /// <summary>Writes down that pools are going to be sent.</summary>
    /// <returns>All that are to be sent: also what others have asked for.</returns>
    internal Task<IReadOnlyList<string>> AskAsync(string project, IReadOnlyList<string> pools, CancellationToken cancellationToken) =>
        ChangeAsync(project, list => list with { Asked = Union(list.Asked, pools) }, cancellationToken);

    /// <summary>Writes down that pools were sent.</summary>
    /// <returns>All that are to be sent; more than were: somebody has asked meanwhile.</returns>
    internal Task<IReadOnlyList<string>> ConfirmAsync(string project, IReadOnlyList<string> pools, CancellationToken cancellationToken) =>
        ChangeAsync(project, list => list with { Sent = Union(list.Sent, pools), Asked = Union(list.Asked, pools) }, cancellationToken);

    private async Task<IReadOnlyList<string>> ChangeAsync(
        string project, Func<PoolList, PoolList> change, CancellationToken cancellationToken)
    {
        var changed = new PoolList();
        await state.UpdateAsync(
            Key(project),
            current =>
            {
                changed = change(Read(current) ?? new PoolList());
                return JsonSerializer.SerializeToUtf8Bytes(changed, PoolListJson.Default.PoolList);
            },
            cancellationToken);
        return changed.Asked ?? [];
    }

    private static PoolList? Read(ReadOnlyMemory<byte>? value) =>
        value is { } json ? JsonSerializer.Deserialize(json.Span, PoolListJson.Default.PoolList) : null;

    private static string Key(string project) => $"mesh-config/{project}";
}

/// <summary>A project's pools.</summary>
/// <param name="Asked">Those that are to be sent.</param>
/// <param name="Sent">Those that were; absent: nothing was yet.</param>
internal sealed record PoolList(IReadOnlyList<string>? Asked = null, IReadOnlyList<string>? Sent = null);

/// <summary>How pool lists are written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PoolList))]
internal sealed partial class PoolListJson : JsonSerializerContext;
