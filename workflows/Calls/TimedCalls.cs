using Dapr.Workflow;
using MeshWorkflow.Workflows.Control;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Calls;

/// <summary>
/// Makes a workflow's calls. Each is raced with a timer, because nobody notices a worker that hangs; a lost one is made again, after
/// a growing pause. This is the one layer that repeats anything.
/// </summary>
internal sealed class TimedCalls(WorkflowContext context, Timing timing)
{
    // Beyond that many looks a wait gets a history of its own.
    private const int PollsHere = 6;

    private int _waits;

    /// <summary>Whether a call that may write was not acknowledged: it may still be at work.</summary>
    public bool IsUnanswered { get; private set; }

    /// <summary>What was not acknowledged can't be at work any more.</summary>
    public void ForgetUnanswered() => IsUnanswered = false;

    /// <summary>Makes a call until it is answered.</summary>
    /// <exception cref="StepFailedException">It was not, for too long: <c>CALL_LOST</c>.</exception>
    public Task<T> CallAsync<T>(string activity, object input, CallKind kind, DateTime giveUp) =>
        CallAsync<T>(activity, input, kind, giveUp, timing.CallTimeout);

    /// <summary>Makes a call of a step until its outcome is one to decide on; a long wait goes on in a child workflow.</summary>
    /// <exception cref="StepFailedException">It waits for too long: <c>GAVE_UP</c>; or somebody has cancelled the rollout.</exception>
    public async Task<StepResult> SettleAsync(StepRequest request, DateTime giveUp)
    {
        for (var poll = 0; poll < PollsHere; poll++)
        {
            var result = await LookAsync(request, giveUp);
            if (!IsWaiting(request.Phase, result, giveUp))
            {
                return result;
            }

            var until = WakeUp(result.NotBefore, poll, giveUp);
            if (until - context.CurrentUtcDateTime > TimeSpan.FromMilliseconds(Math.Min(timing.LongestPause, timing.PollEvery)))
            {
                return await WaitAsync(new StepWaitInput(request, timing, giveUp, until, poll + 1, result.Wishes));
            }

            await context.CreateTimer(until, default);
        }

        return await WaitAsync(new StepWaitInput(request, timing, giveUp, context.CurrentUtcDateTime, PollsHere));
    }

    /// <summary>Makes a call of a step, and sees whether to go on waiting if it waits.</summary>
    /// <exception cref="StepFailedException">It waits for too long: <c>GAVE_UP</c>; or somebody has cancelled the rollout.</exception>
    public async Task<StepResult> LookAsync(StepRequest request, DateTime giveUp)
    {
        var within = request.IsLong ? timing.LongCallTimeout : timing.CallTimeout;
        var result = await CallAsync<StepResult>(ActivityOf(request.Phase), request, KindOf(request.Phase), giveUp, within);
        if (!IsWaiting(request.Phase, result, giveUp))
        {
            return result;
        }

        // What waits is ended by a cancel at once; a pause lets a step that has begun come to its end.
        if (result.Wish is Wish.Cancel)
        {
            throw StepFailedException.OfCancel();
        }

        return context.CurrentUtcDateTime < giveUp
            ? result
            : throw new StepFailedException("GAVE_UP", $"It still waited: {result.Message}");
    }

    private async Task<StepResult> WaitAsync(StepWaitInput input)
    {
        var settled = await context.CallChildWorkflowAsync<Settled>(
            nameof(StepWait), input, new ChildWorkflowTaskOptions(Ids.Wait(context.InstanceId, ++_waits)));
        IsUnanswered |= settled.IsUnanswered;
        return settled.Failure is { } failure ? throw new StepFailedException(failure, settled.Result.Message ?? "") : settled.Result;
    }

    /// <summary>Goes on only if nobody wants otherwise: waits while the rollout is paused.</summary>
    /// <returns>How long it was paused: no part of anybody's patience.</returns>
    /// <exception cref="StepFailedException">It is cancelled.</exception>
    public async Task<TimeSpan> HeedAsync(RolloutRun run, Wish? wish)
    {
        var begun = context.CurrentUtcDateTime;
        return await GoesOnAsync(run, wish) is Wish.Cancel
            ? throw StepFailedException.OfCancel()
            : context.CurrentUtcDateTime - begun;
    }

    /// <summary>Waits while the rollout is paused.</summary>
    /// <returns>Null: it goes on; or that it is cancelled.</returns>
    public async Task<Wish?> GoesOnAsync(RolloutRun run, Wish? wish) => wish is not Wish.Pause
        ? wish
        : (await context.CallChildWorkflowAsync<ControlState>(
            nameof(PauseWait), new PauseInput(run, timing), new ChildWorkflowTaskOptions(Ids.Wait(context.InstanceId, ++_waits)))).Wish;

    /// <summary>Sleeps until a time, or for the pause after so many tries if that is longer; never beyond the end of all patience.</summary>
    public Task SleepAsync(DateTimeOffset? notBefore, int tries, DateTime giveUp) =>
        context.CreateTimer(WakeUp(notBefore, tries, giveUp), default);

    /// <summary>When such a sleep ends.</summary>
    public DateTime WakeUp(DateTimeOffset? notBefore, int tries, DateTime giveUp)
    {
        var pause = context.CurrentUtcDateTime + timing.Pause(tries);
        var wanted = notBefore?.UtcDateTime > pause ? notBefore.Value.UtcDateTime : pause;
        return wanted > giveUp && giveUp > pause ? giveUp : wanted;
    }

    /// <summary>Whether to look again. An undo is not refused for good until its patience ends: somebody may lift what stands in its way.</summary>
    public bool IsWaiting(StepPhase phase, StepResult result, DateTime giveUp) => result.Kind is StepResultKind.Wait
        || MayPass(result, giveUp)
        || (phase is StepPhase.Revert
            && result is { Kind: StepResultKind.Refused, Reason: not StepFailedException.EpochPassed }
            && context.CurrentUtcDateTime < giveUp);

    /// <summary>Whether a refusal may pass by itself, and there is patience left.</summary>
    public bool MayPass(StepResult result, DateTime giveUp) => StepRefusals.MayPass(result) && context.CurrentUtcDateTime < giveUp;

    private async Task<T> CallAsync<T>(string activity, object input, CallKind kind, DateTime giveUp, long within)
    {
        for (var tries = 0; ; tries++)
        {
            var call = context.CallActivityAsync<T>(activity, input);
            using var answered = new CancellationTokenSource();
            var timeout = context.CreateTimer(TimeSpan.FromMilliseconds(within), answered.Token);
            var lost = $"{activity} was not answered in {within} ms";
            if (await Task.WhenAny(call, timeout) == call)
            {
                answered.Cancel();
                try
                {
                    return await call;
                }
                catch (WorkflowTaskFailedException exception)
                {
                    lost = exception.FailureDetails.ErrorMessage;
                }
            }

            IsUnanswered |= kind is CallKind.Writing;
            if (context.CurrentUtcDateTime >= giveUp)
            {
                throw new StepFailedException("CALL_LOST", lost);
            }

            await context.CreateTimer(timing.Pause(tries));
        }
    }

    private static CallKind KindOf(StepPhase phase) => phase is StepPhase.Apply or StepPhase.Revert ? CallKind.Writing : CallKind.Reading;

    private static string ActivityOf(StepPhase phase) => phase switch
    {
        StepPhase.Plan => nameof(PlanStep),
        StepPhase.Apply => nameof(ApplyStep),
        StepPhase.Revert => nameof(RevertStep),
        _ => nameof(VerifyStep),
    };
}

/// <summary>Whether a call may change the world.</summary>
internal enum CallKind
{
    Reading,
    Writing,
}
