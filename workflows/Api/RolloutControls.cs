using System.Text.Json.Serialization;
using MeshWorkflow.Workflows.Control;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Api;

/// <summary>
/// Writes what people want of rollouts, and tells those who wait. Only the writing counts: a rollout whose message is lost sees it
/// at its next look.
/// </summary>
internal sealed class RolloutControls(Controls controls, Messengers messengers, Documents documents, TimeProvider time)
{
    public Task<ControlAnswer> CancelAsync(RolloutDocument rollout, string? reason, CancellationToken cancellationToken) => ChangeAsync(
        rollout,
        control => control.IsCancelled ? null : control with { IsCancelled = true, Reason = reason },
        cancellationToken);

    public Task<ControlAnswer> PauseAsync(RolloutDocument rollout, CancellationToken cancellationToken) => ChangeAsync(
        rollout, control => control.IsPaused ? null : control with { IsPaused = true }, cancellationToken);

    public Task<ControlAnswer> ResumeAsync(RolloutDocument rollout, CancellationToken cancellationToken) => ChangeAsync(
        rollout, control => control.IsPaused ? control with { IsPaused = false } : null, cancellationToken);

    /// <summary>Approves that the rollout goes on after a stage; without a name after the one that waits for it.</summary>
    public async Task<ControlAnswer> ApproveAsync(
        RolloutDocument rollout, ApprovalRequest approval, CancellationToken cancellationToken)
    {
        var request = await documents.RequestAsync(RunOf(rollout), cancellationToken);
        var gated = request.Rollout.Stages.Where(stage => stage.NeedsApproval).Select(stage => stage.Name).ToList();
        if (approval.Stage is { } named && !gated.Contains(named))
        {
            return ControlAnswer.NoSuchStage;
        }

        if ((approval.Stage ?? await WaitingAsync(rollout, request.Rollout.Stages.Count, cancellationToken)) is not { } stage)
        {
            return ControlAnswer.NothingWaits;
        }

        var given = new Approval(stage, time.GetUtcNow(), approval.By, approval.Comment);
        return await ChangeAsync(
            rollout, control => control.IsApproved(stage) ? null : control with { Approvals = [.. control.Approvals, given] }, cancellationToken);
    }

    private async Task<string?> WaitingAsync(RolloutDocument rollout, int stages, CancellationToken cancellationToken)
    {
        for (var index = 0; index < stages; index++)
        {
            var stage = await documents.GetAsync(Documents.Stage(rollout.Id, index), ReadModelJson.Default.StageDocument, cancellationToken);
            if (stage?.State is StageState.Soaking or StageState.AwaitingApproval)
            {
                return stage.Name;
            }
        }

        return null;
    }

    private async Task<ControlAnswer> ChangeAsync(
        RolloutDocument rollout, Func<ControlDocument, ControlDocument?> change, CancellationToken cancellationToken)
    {
        if (rollout.State is not (RolloutState.Pending or RolloutState.Running))
        {
            return ControlAnswer.HasEnded;
        }

        var control = await controls.ChangeAsync(rollout.Id, change, cancellationToken);
        if (control.IsClosed)
        {
            return ControlAnswer.HasEnded;
        }

        await messengers.TellAsync(RunOf(rollout), control.Version, cancellationToken);
        return ControlAnswer.Written;
    }

    private static RolloutRun RunOf(RolloutDocument rollout) => new(rollout.Name, rollout.Generation);
}

/// <summary>What a wish came to.</summary>
internal enum ControlAnswer
{
    Written,
    HasEnded,
    NoSuchStage,
    NothingWaits,
}

/// <summary>Somebody approves.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ApprovalRequest
{
    /// <summary>After which stage; null: the one that waits.</summary>
    public string? Stage { get; init; }

    /// <summary>Who says so.</summary>
    public string? By { get; init; }

    /// <summary>In their words.</summary>
    public string? Comment { get; init; }
}

/// <summary>Somebody cancels.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CancelRequest
{
    /// <summary>Why, in their words.</summary>
    public string? Reason { get; init; }
}
