using Dapr.Workflow;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Rollouts;

/// <summary>Records where a rollout stands. What comes late, after an end or for an earlier undo, changes nothing.</summary>
internal sealed partial class RecordRollout(Documents documents, StepRecords records, ILogger<RecordRollout> logger)
    : WorkflowActivity<RolloutRecord, bool>
{
    public override async Task<bool> RunAsync(WorkflowActivityContext context, RolloutRecord input)
    {
        using var limit = records.Limit();
        var written = await documents.UpdateAsync(
            Documents.Rollout(input.Run.ToString()),
            ReadModelJson.Default.RolloutDocument,
            document => document is null || document.HasEnded || document.Rollbacks != input.Rollback || document.State == input.State
                ? null
                : After(document, input),
            limit.Token);
        if (written)
        {
            Log.Stands(logger, input.Run, input.State);
        }

        return written;
    }

    private RolloutDocument After(RolloutDocument document, RolloutRecord input)
    {
        var next = document with { State = input.State };
        return next.HasEnded ? next with { EndedAt = records.Now } : next;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Rollout} is {State}")]
        public static partial void Stands(ILogger logger, RolloutRun rollout, RolloutState state);
    }
}

/// <summary>Finds the clusters of one batch of a rollout.</summary>
internal sealed class LoadBatch(StepRecords records) : WorkflowActivity<BatchInput, BatchClusters>
{
    public override async Task<BatchClusters> RunAsync(WorkflowActivityContext context, BatchInput input)
    {
        using var limit = records.Limit();
        var request = await records.RequestAsync(input.Run, limit.Token);
        var clusters = request.Clusters.Skip(input.Batch * BatchInput.Size).Take(BatchInput.Size);
        return new BatchClusters([.. clusters.Select(cluster => cluster.ToString())], request.Clusters.Count);
    }
}

/// <summary>Where a rollout stands, to be recorded.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Rollback">Which undo by hand says so; 0: the rollout itself.</param>
internal sealed record RolloutRecord(RolloutRun Run, RolloutState State, int Rollback = 0);

/// <summary>A batch of a rollout's clusters.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="Batch">Which, from 0.</param>
internal sealed record BatchInput(RolloutRun Run, int Batch)
{
    /// <summary>How many clusters a batch has at most: its history stays small.</summary>
    public const int Size = 100;
}

/// <summary>The clusters of a batch.</summary>
/// <param name="Clusters">Each as <c>P/L/C</c>.</param>
/// <param name="Total">How many clusters the rollout has in all.</param>
internal sealed record BatchClusters(IReadOnlyList<string> Clusters, int Total);
