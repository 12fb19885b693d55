using Dapr.Workflow;
using MeshWorkflow.Workflows.Control;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Rollouts;

/// <summary>Records where a rollout stands. What comes late, after an end or for an earlier undo, changes nothing.</summary>
internal sealed partial class RecordRollout(Documents documents, Controls controls, StepRecords records, ILogger<RecordRollout> logger)
    : WorkflowActivity<RolloutRecord, RolloutState>
{
    public override async Task<RolloutState> RunAsync(WorkflowActivityContext context, RolloutRecord input)
    {
        using var limit = records.Limit();
        var record = await SettledAsync(input, limit.Token);
        var written = await documents.UpdateAsync(
            Documents.Rollout(input.Run.ToString()),
            ReadModelJson.Default.RolloutDocument,
            document => document is null || document.HasEnded || document.Rollbacks != record.Rollback || document.State == record.State
                ? null
                : After(document, record),
            limit.Token);
        if (written)
        {
            Log.Stands(logger, record.Run, record.State);
        }

        return record.State;
    }

    // A wish that was taken counts, be it the last thing before the end: whoever cancels afterwards is told that it has ended.
    private async Task<RolloutRecord> SettledAsync(RolloutRecord record, CancellationToken cancellationToken)
    {
        if (record.Rollback > 0 || record.State is RolloutState.Running)
        {
            return record;
        }

        var control = await controls.CloseAsync(record.Run, cancellationToken);
        return control.IsCancelled ? record with { State = RolloutState.Cancelled } : record;
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

/// <summary>Records where a stage stands.</summary>
internal sealed class RecordStage(Documents documents, StepRecords records) : WorkflowActivity<StageRecord, bool>
{
    public override async Task<bool> RunAsync(WorkflowActivityContext context, StageRecord input)
    {
        using var limit = records.Limit();
        var stage = await documents.StageAsync(input.Run, input.Stage, limit.Token);
        return await documents.UpdateAsync(
            Documents.Stage(input.Run.ToString(), input.Stage),
            ReadModelJson.Default.StageDocument,
            _ => new StageDocument
            {
                Name = stage.Name,
                State = input.State,
                Clusters = stage.Clusters.Count,
                Budget = stage.Budget,
                Failed = input.Failed,
                Until = input.Until,
            },
            limit.Token);
    }
}

/// <summary>Where a rollout stands, to be recorded.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Rollback">Which undo by hand says so; 0: the rollout itself.</param>
internal sealed record RolloutRecord(RolloutRun Run, RolloutState State, int Rollback = 0);

/// <summary>Where a stage stands, to be recorded.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="Stage">Which, from 0.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Failed">How many of its clusters have failed.</param>
/// <param name="Until">Until when it is left alone.</param>
internal sealed record StageRecord(RolloutRun Run, int Stage, StageState State, int Failed = 0, DateTime? Until = null);
