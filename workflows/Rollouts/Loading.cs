using Dapr.Workflow;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Rollouts;

/// <summary>How large batches are: their histories stay small.</summary>
internal static class Batches
{
    public const int Size = 100;

    public static int Of(int items) => (items + Size - 1) / Size;

    public static IReadOnlyList<T> Batch<T>(this IEnumerable<T> items, int batch) => [.. items.Skip(batch * Size).Take(Size)];
}

/// <summary>Finds what a rollout's workflow needs to know of its request.</summary>
internal sealed class LoadOutline(StepRecords records) : WorkflowActivity<RolloutRun, Outline>
{
    public override async Task<Outline> RunAsync(WorkflowActivityContext context, RolloutRun input)
    {
        using var limit = records.Limit();
        var request = await records.RequestAsync(input, limit.Token);
        return new Outline(
            request.Clusters.Count,
            Batches.Of(request.Clusters.Count),
            request.Rollout.Stages.Count,
            request.Rollout.OnFailure,
            request.Rollout.Preflight,
            HasAuthorities: request.CertificateAuthority.CaService is not null);
    }
}

/// <summary>Finds what a stage's workflow needs to know of it.</summary>
internal sealed class LoadStage(Documents documents, StepRecords records) : WorkflowActivity<StageQuery, StageFacts>
{
    public override async Task<StageFacts> RunAsync(WorkflowActivityContext context, StageQuery input)
    {
        using var limit = records.Limit();
        var stage = (await records.RequestAsync(input.Run, limit.Token)).Rollout.Stages[input.Stage];
        var clusters = await documents.StageAsync(input.Run, input.Stage, limit.Token);
        return new StageFacts(
            stage.Name, Batches.Of(clusters.Clusters.Count), clusters.Budget, (long)stage.Soak.TotalMilliseconds, stage.NeedsApproval);
    }
}

/// <summary>Finds the clusters of one batch of a stage.</summary>
internal sealed class LoadBatch(Documents documents, StepRecords records) : WorkflowActivity<BatchQuery, BatchFacts>
{
    public override async Task<BatchFacts> RunAsync(WorkflowActivityContext context, BatchQuery input)
    {
        using var limit = records.Limit();
        var rollout = (await records.RequestAsync(input.Run, limit.Token)).Rollout;
        var stage = await documents.StageAsync(input.Run, input.Stage, limit.Token);
        return new BatchFacts(
            stage.Clusters.Batch(input.Batch), rollout.Stages[input.Stage].MaxConcurrent, stage.Budget, rollout.OnFailure);
    }
}

/// <summary>Finds the clusters of one batch of an undo: those that had their turn last come first.</summary>
internal sealed class LoadUndo(Documents documents, StepRecords records) : WorkflowActivity<UndoQuery, UndoFacts>
{
    public override async Task<UndoFacts> RunAsync(WorkflowActivityContext context, UndoQuery input)
    {
        using var limit = records.Limit();
        var request = await records.RequestAsync(input.Run, limit.Token);
        var stages = await documents.GetAsync(
            Documents.Stages(input.Run.ToString()), ReadModelJson.Default.StageList, limit.Token) ?? new StageList([]);
        var clusters = stages.Stages
            .Where((_, index) => input.Stage == CompensationInput.WholeRollout || index == input.Stage)
            .SelectMany(stage => stage.Clusters)
            .Reverse()
            .ToList();
        return new UndoFacts(Batches.Of(clusters.Count), clusters.Batch(input.Batch), request.Undo.MaxConcurrent);
    }
}

/// <summary>What a rollout's workflow needs to know of its request.</summary>
internal sealed record Outline(
    int Clusters, int Batches, int Stages, FailureAction OnFailure, PreflightAction Preflight, bool HasAuthorities = false);

/// <summary>Which stage.</summary>
internal sealed record StageQuery(RolloutRun Run, int Stage);

/// <summary>What a stage's workflow needs to know.</summary>
internal sealed record StageFacts(string Name, int Batches, int Budget, long Soak, bool NeedsApproval)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public bool HasGate => Soak > 0 || NeedsApproval;
}

/// <summary>Which batch of which stage.</summary>
internal sealed record BatchQuery(RolloutRun Run, int Stage, int Batch);

/// <summary>The clusters of a batch, each as <c>P/L/C</c>.</summary>
internal sealed record BatchFacts(IReadOnlyList<string> Clusters, int MaxConcurrent, int Budget, FailureAction OnFailure);

/// <summary>Which batch of an undo of which stage.</summary>
internal sealed record UndoQuery(RolloutRun Run, int Stage, int Batch);

/// <summary>The clusters of a batch of an undo, and how many batches it has.</summary>
internal sealed record UndoFacts(int Batches, IReadOnlyList<string> Clusters, int MaxConcurrent);
