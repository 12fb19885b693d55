using Dapr.Workflow;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.Workflows.Scopes;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Rollouts;

/// <summary>
/// Puts the clusters that passed preflight into their stages, once and for all. One that no stage takes is skipped. Delivered
/// again, it answers what is stored.
/// </summary>
internal sealed class ArrangeStages(Documents documents, ScopeRecorder recorder, StepRecords records) : WorkflowActivity<RolloutRun, StagePlan>
{
    public override async Task<StagePlan> RunAsync(WorkflowActivityContext context, RolloutRun input)
    {
        using var limit = records.Limit();
        var request = await records.RequestAsync(input, limit.Token);
        var stages = request.Rollout.Stages.Select(_ => new List<string>()).ToList();
        var networks = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var cluster in request.Clusters)
        {
            var document = await documents.ScopeAsync(input, StepScope.Of(cluster), limit.Token);
            if (document?.State is ClusterState.Skipped)
            {
                continue;
            }

            var stage = StageOf(request.Rollout.Stages, cluster, document?.Labels ?? new Dictionary<string, string>());
            if (stage < 0)
            {
                await SkipAsync(input, cluster, limit.Token);
                continue;
            }

            stages[stage].Add(cluster.ToString());
            if (request.Firewall && document?.NetworkProject is { } network)
            {
                networks.Add(network);
            }
        }

        var list = new StageList([.. stages.Select((clusters, index) => Stage(request.Rollout.Stages[index], clusters))])
        {
            NetworkProjects = [.. networks],
        };
        await documents.CreateAsync(Documents.Stages(input.ToString()), list, ReadModelJson.Default.StageList, limit.Token);
        var scopes = StepCatalog.ScopesOf(await records.RequestAsync(input, limit.Token));
        return new StagePlan(list.Stages.Sum(stage => stage.Clusters.Count), Batches.Of(scopes.Count));
    }

    // A stage that names a cluster goes before one that takes all the rest.
    private static int StageOf(IReadOnlyList<StageRequest> stages, ClusterRef cluster, IReadOnlyDictionary<string, string> labels)
    {
        var indexed = stages.Select((stage, index) => (stage, index)).ToList();
        return indexed.Where(pair => !pair.stage.IsRest && pair.stage.Takes(cluster, labels))
            .Concat(indexed.Where(pair => pair.stage.IsRest))
            .Select(pair => pair.index)
            .DefaultIfEmpty(-1)
            .First();
    }

    private static StageClusters Stage(StageRequest stage, IReadOnlyList<string> clusters) =>
        new(stage.Name, clusters, stage.Budget.Of(clusters.Count));

    private Task SkipAsync(RolloutRun run, ClusterRef cluster, CancellationToken cancellationToken) => recorder.StateAsync(
        new ScopeRecord(
            run, StepScope.Of(cluster), ScopeRecord.FirstOfInstall - 1, ClusterState.Skipped, "NO_STAGE", "Not begun: no stage selects it."),
        cancellationToken);
}

/// <summary>Records the clusters of a stage that is not begun.</summary>
internal sealed class SkipStage(Documents documents, ScopeRecorder recorder, StepRecords records) : WorkflowActivity<SkipInput, Tally>
{
    private const int AtOnce = 16;

    public override async Task<Tally> RunAsync(WorkflowActivityContext context, SkipInput input)
    {
        using var limit = records.Limit();
        var stage = await documents.StageAsync(input.Run, input.Stage, limit.Token);
        var stop = input.Stop;
        foreach (var some in stage.Clusters.Select(ClusterText.Parse).Select(StepScope.Of).Chunk(AtOnce))
        {
            await Task.WhenAll(some.Select(cluster => recorder.StateAsync(
                new ScopeRecord(input.Run, cluster, UndoNumber.LastCall(0), stop.State, stop.Reason, stop.Message), limit.Token)));
        }

        var isCancelled = stop.State is ClusterState.Cancelled;
        await documents.UpdateAsync(
            Documents.Stage(input.Run.ToString(), input.Stage),
            ReadModelJson.Default.StageDocument,
            _ => new StageDocument
            {
                Name = stage.Name,
                State = isCancelled ? StageState.Cancelled : StageState.Skipped,
                Clusters = stage.Clusters.Count,
                Budget = stage.Budget,
            },
            limit.Token);
        return isCancelled ? new Tally(Cancelled: Math.Max(stage.Clusters.Count, 1)) : new Tally(Skipped: stage.Clusters.Count);
    }
}

/// <summary>What is known once preflight is over.</summary>
/// <param name="Clusters">How many clusters the stages have in all.</param>
/// <param name="ScopeBatches">How many batches of what they share there are.</param>
internal sealed record StagePlan(int Clusters, int ScopeBatches);

/// <summary>Why the stages that are left are not begun.</summary>
/// <param name="State">How their clusters end.</param>
/// <param name="Reason">UPPER_SNAKE_CASE.</param>
/// <param name="Message">For people.</param>
internal sealed record Stop(ClusterState State, string Reason, string Message);

/// <summary>A stage that is not begun.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="Stage">Which, from 0.</param>
/// <param name="Stop">Why.</param>
internal sealed record SkipInput(RolloutRun Run, int Stage, Stop Stop);
