using MeshWorkflow.Workflows.Calls;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Scopes;

/// <summary>Puts back one stored plan after another, and keeps what could not be put back.</summary>
/// <param name="run">The undo's run in its scope.</param>
/// <param name="timing">The rollout's intervals.</param>
/// <param name="lastAttempt">The last attempt of any of the plans: those of the undo count on from there.</param>
internal sealed class StepUndo(ScopeRun run, Timing timing, int lastAttempt)
{
    /// <summary>So many attempts lie between those of one undo and of the next.</summary>
    public const int AttemptsPerRun = 1_000;

    private const int MaxRounds = 10;

    private int _attempt = lastAttempt;
    private int _standing;

    /// <summary>Whether anything was to be put back.</summary>
    public bool HasRun { get; private set; }

    /// <summary>Whether nothing of ours stands any more.</summary>
    public bool IsClean => Reason is null && _standing == 0;

    /// <summary>Why the first of those that failed did.</summary>
    public string? Reason { get; private set; }

    public string? Message { get; private set; }

    /// <summary>Puts back what one attempt planned.</summary>
    /// <param name="line">The stored plan.</param>
    /// <exception cref="StepFailedException">Another run has taken over.</exception>
    public async Task RunAsync(LedgerLine line)
    {
        HasRun = true;
        try
        {
            var done = await PutBackAsync(line);
            if (done.Standing > 0)
            {
                _standing += done.Standing;
                Message ??= "Something of ours still stands; see the residue.";
            }
        }
        catch (StepFailedException failure) when (!failure.IsTakenOver)
        {
            Reason ??= failure.Reason;
            Message = failure.Message;

            // What goes before it is put back next, or it is all over: nothing may be at work on this one then.
            if (!await run.FenceAsync())
            {
                throw new StepFailedException(StepFailedException.EpochPassed, "Another run has taken over.");
            }
        }
    }

    // Reverts until a revert finds nothing more to do: only then it is known what is left. Each is an attempt of its own.
    private async Task<StepResult> PutBackAsync(LedgerLine line)
    {
        var giveUp = run.GiveUp(timing.UndoGiveUp);
        for (var round = 0; round < MaxRounds; round++)
        {
            var attempt = ++_attempt;
            var reverted = await SettleAsync(StepPhase.Revert, line, attempt, giveUp);
            if (reverted.Kind is StepResultKind.Done)
            {
                return reverted;
            }

            var isBack = reverted.Kind is StepResultKind.Pending
                && await SettleAsync(StepPhase.VerifyUndo, line, attempt, giveUp, reverted.Handles) is { Kind: StepResultKind.Done };
            if (!isBack)
            {
                await run.Calls.SleepAsync(notBefore: null, round, giveUp);
            }
        }

        throw new StepFailedException(
            "WORLD_KEEPS_CHANGING", $"{line.Step} was put back {MaxRounds} times, and each time somebody changed the world meanwhile.");
    }

    private async Task<StepResult> SettleAsync(
        StepPhase phase, LedgerLine line, int attempt, DateTime giveUp, IReadOnlyList<string>? handles = null)
    {
        var request = new StepRequest(phase, run.Attempt(line.App, line.Step, attempt), line.Attempt, Handles: handles);
        var result = await run.Calls.SettleAsync(request, giveUp);
        return result.Kind is StepResultKind.Refused && phase is StepPhase.Revert ? throw StepFailedException.Of(result) : result;
    }
}
