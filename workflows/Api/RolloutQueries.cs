using MeshWorkflow.Ledger;
using MeshWorkflow.Workflows.Control;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Api;

/// <summary>Reads what people see of rollouts.</summary>
internal sealed class RolloutQueries(Documents documents, Controls controls)
{
    // The store is asked for so many documents at a time.
    private const int AtOnce = 16;

    /// <summary>Which generation the next rollout of a name would be.</summary>
    public async Task<int> NextGenerationAsync(string name, CancellationToken cancellationToken) =>
        ((await FindAsync(name, cancellationToken))?.Generation ?? 0) + 1;

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

    /// <summary>Reads a rollout with its stages, its clusters and what they share.</summary>
    public async Task<RolloutView> ViewAsync(RolloutDocument rollout, CancellationToken cancellationToken)
    {
        var run = new RolloutRun(rollout.Name, rollout.Generation);
        var request = await documents.RequestAsync(run, cancellationToken);
        var stages = await ManyAsync(
            Enumerable.Range(0, request.Rollout.Stages.Count),
            async index => await documents.GetAsync(Documents.Stage(rollout.Id, index), ReadModelJson.Default.StageDocument, cancellationToken)
                ?? new StageDocument { Name = request.Rollout.Stages[index].Name, State = StageState.Pending });
        var scopes = await ManyAsync(StepCatalog.ScopesOf(request), scope => documents.ScopeAsync(run, scope, cancellationToken));
        var clusters = await ManyAsync(
            rollout.Clusters.Select(StepScope.Of),
            async scope => await documents.ScopeAsync(run, scope, cancellationToken) ?? new ScopeDocument { Key = Ids.Key(scope), Scope = scope });
        return new RolloutView(rollout, clusters)
        {
            Stages = stages,
            Scopes = [.. scopes.OfType<ScopeDocument>()],
            Control = await controls.ReadAsync(run, cancellationToken),
        };
    }

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
