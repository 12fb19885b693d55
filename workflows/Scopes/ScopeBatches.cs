using Dapr.Workflow;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.Workflows.Rollouts;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Scopes;

/// <summary>
/// Finds a batch of what the clusters of a rollout share. Known once preflight is over: where it refused all clusters nothing is prepared.
/// </summary>
internal sealed class LoadScopes(Documents documents, StepRecords records) : WorkflowActivity<ScopeQuery, ScopeFacts>
{
    public override async Task<ScopeFacts> RunAsync(WorkflowActivityContext context, ScopeQuery input)
    {
        using var limit = records.Limit();
        var request = await records.RequestAsync(input.Run, limit.Token);
        var scopes = StepCatalog.ScopesOf(request);
        var stages = await documents.GetAsync(Documents.Stages(input.Run.ToString()), ReadModelJson.Default.StageList, limit.Token);
        var needed = (stages?.Stages.SelectMany(stage => stage.Clusters).Select(ClusterText.Parse) ?? request.Clusters)
            .SelectMany(cluster => StepCatalog.ScopesOf(request, cluster, network: null))
            .Concat(request.NetworkProjects.Select(StepScope.Project))
            .ToHashSet();
        var batch = scopes.Batch(input.Batch).Where(needed.Contains).ToList();
        return new ScopeFacts(
            Batches.Of(scopes.Count),
            [.. batch.Select(scope => scope.ToString())],
            [.. batch.Where(scope => Needs.IsEveryones(request, scope)).Select(scope => scope.ToString())]);
    }
}

/// <summary>Finds what of a batch none of the rollout's clusters needs any more.</summary>
internal sealed class FindIdleScopes(Documents documents, StepRecords records) : WorkflowActivity<ScopeQuery, ScopeFacts>
{
    public override async Task<ScopeFacts> RunAsync(WorkflowActivityContext context, ScopeQuery input)
    {
        using var limit = records.Limit();
        var request = await records.RequestAsync(input.Run, limit.Token);
        var scopes = StepCatalog.ScopesOf(request);
        var standing = new HashSet<StepScope>();
        foreach (var cluster in request.Clusters)
        {
            var document = await documents.ScopeAsync(input.Run, StepScope.Of(cluster), limit.Token);
            if (document?.State is ClusterState.Succeeded or ClusterState.Failed or ClusterState.CompensationIncomplete)
            {
                standing.UnionWith(StepCatalog.ScopesOf(request, cluster, document.NetworkProject));
            }
        }

        // Later batches have had their turn: a pool that still stands keeps its project from being left.
        foreach (var pool in scopes.Skip((input.Batch + 1) * Batches.Size).Where(scope => scope.Kind is not ScopeKind.Project))
        {
            if (await documents.ScopeAsync(input.Run, pool, limit.Token) is { State: ClusterState.CompensationIncomplete or ClusterState.Failed })
            {
                standing.Add(StepScope.Project(Certificates.ProjectOf(pool)));
            }
        }

        var idle = new List<string>();
        foreach (var scope in scopes.Batch(input.Batch).Where(scope => !standing.Contains(scope)))
        {
            if (await documents.ScopeAsync(input.Run, scope, limit.Token) is { State: not ClusterState.Compensated })
            {
                idle.Add(scope.ToString());
            }
        }

        return new ScopeFacts(Batches.Of(scopes.Count), idle, []);
    }
}

/// <summary>
/// Takes out of the stages what can't be begun, because something that it needs could not be prepared. Delivered again, it answers
/// what is stored.
/// </summary>
internal sealed class SkipUnprepared(Documents documents, ScopeRecorder recorder, StepRecords records) : WorkflowActivity<RolloutRun, int>
{
    public override async Task<int> RunAsync(WorkflowActivityContext context, RolloutRun input)
    {
        using var limit = records.Limit();
        var request = await records.RequestAsync(input, limit.Token);
        var failed = await FailedAsync(input, request, limit.Token);
        var stages = await documents.GetAsync(Documents.Stages(input.ToString()), ReadModelJson.Default.StageList, limit.Token)
            ?? throw new InvalidOperationException($"The stages of {input} have not been arranged.");
        if (stages.Unprepared is { } known)
        {
            return known.Count;
        }

        var skipped = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in stages.Stages.SelectMany(stage => stage.Clusters))
        {
            var cluster = StepScope.Of(ClusterText.Parse(text));
            var network = (await documents.ScopeAsync(input, cluster, limit.Token))?.NetworkProject;
            var needed = StepCatalog.ScopesOf(request, cluster.Cluster, network).ToHashSet();
            if (failed.FirstOrDefault(scope => needed.Contains(scope.Scope)) is { } missing)
            {
                await recorder.StateAsync(Record(input, cluster, missing), limit.Token);
                skipped.Add(text);
            }
        }

        await documents.UpdateAsync(
            Documents.Stages(input.ToString()), ReadModelJson.Default.StageList, list => list?.Without(skipped), limit.Token);
        return skipped.Count;
    }

    private async Task<List<ScopeDocument>> FailedAsync(RolloutRun run, FleetInstallRequest request, CancellationToken cancellationToken)
    {
        var failed = new List<ScopeDocument>();
        foreach (var scope in StepCatalog.ScopesOf(request))
        {
            if (await documents.ScopeAsync(run, scope, cancellationToken) is { State: not (ClusterState.Succeeded or ClusterState.Pending) } document)
            {
                failed.Add(document);
            }
        }

        return failed;
    }

    private static ScopeRecord Record(RolloutRun run, StepScope cluster, ScopeDocument missing) => new(
        run,
        cluster,
        UndoNumber.LastCall(0),
        ClusterState.Skipped,
        Needs.Missing,
        $"Not begun: {missing.Scope} could not be prepared: {missing.Reason}.");
}

/// <summary>Which of the shared scopes a cluster needs.</summary>
internal static class Needs
{
    /// <summary>Why a cluster is not begun.</summary>
    public const string Missing = "SCOPE_FAILED";

    /// <summary>Whether no cluster can do without: the fleet's own project always is.</summary>
    public static bool IsEveryones(FleetInstallRequest request, StepScope scope) =>
        request.Clusters.All(cluster => StepCatalog.ScopesOf(request, cluster, network: null).Contains(scope));
}

/// <summary>Which batch of what clusters share.</summary>
internal sealed record ScopeQuery(RolloutRun Run, int Batch);

/// <summary>A batch of what clusters share.</summary>
/// <param name="Batches">How many batches there are.</param>
/// <param name="Scopes">Those of this one, each as its text.</param>
/// <param name="Everyones">Those of them that all clusters need.</param>
internal sealed record ScopeFacts(int Batches, IReadOnlyList<string> Scopes, IReadOnlyList<string> Everyones);
