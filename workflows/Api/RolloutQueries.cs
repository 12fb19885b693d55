using MeshWorkflow.Ledger;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Api;

/// <summary>Reads what people see of rollouts.</summary>
internal sealed class RolloutQueries(Documents documents)
{
    // The store is asked for so many documents at a time.
    private const int AtOnce = 16;

    /// <summary>Finds a rollout by its generation's id, or the newest generation by the rollout's name.</summary>
    public async Task<RolloutDocument?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (await documents.GetAsync(Documents.Rollout(id), ReadModelJson.Default.RolloutDocument, cancellationToken) is { } found)
        {
            return found;
        }

        return await documents.GetAsync(Documents.Head(id), ReadModelJson.Default.RolloutHead, cancellationToken) is { } head
            ? await documents.GetAsync(
                Documents.Rollout(LedgerKeys.Run(id, head.Generation)), ReadModelJson.Default.RolloutDocument, cancellationToken)
            : null;
    }

    /// <summary>Reads a rollout with its clusters.</summary>
    public async Task<RolloutView> ViewAsync(RolloutDocument rollout, CancellationToken cancellationToken) => new(
        rollout,
        await ManyAsync(
            rollout.Clusters,
            async cluster =>
            {
                var key = Ids.Cluster(cluster);
                return await documents.GetAsync(Documents.Cluster(rollout.Id, key), ReadModelJson.Default.ClusterDocument, cancellationToken)
                    ?? new ClusterDocument { Key = key, Cluster = cluster };
            }));

    /// <summary>Reads all rollouts, newest first.</summary>
    public async Task<IReadOnlyList<RolloutDocument>> ListAsync(CancellationToken cancellationToken)
    {
        var ids = await documents.GetAsync(Documents.RolloutIndex, ReadModelJson.Default.ListString, cancellationToken) ?? [];
        var all = await ManyAsync(
            ids.AsEnumerable().Reverse(),
            id => documents.GetAsync(Documents.Rollout(id), ReadModelJson.Default.RolloutDocument, cancellationToken));
        return [.. all.OfType<RolloutDocument>()];
    }

    private static async Task<IReadOnlyList<TResult>> ManyAsync<TItem, TResult>(IEnumerable<TItem> items, Func<TItem, Task<TResult>> read)
    {
        var results = new List<TResult>();
        foreach (var some in items.Chunk(AtOnce))
        {
            results.AddRange(await Task.WhenAll(some.Select(read)));
        }

        return results;
    }
}
