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

    /// <summary>Makes a call until it is answered.</summary>
    /// <exception cref="StepFailedException">It was not, for too long: <c>CALL_LOST</c>.</exception>
    public async Task<T> CallAsync<T>(string activity, object input, CallKind kind, DateTime giveUp)
    {
        for (var tries = 0; ; tries++)
        {
            var call = context.CallActivityAsync<T>(activity, input);
            using var answered = new CancellationTokenSource();
            var timeout = context.CreateTimer(TimeSpan.FromMilliseconds(timing.CallTimeout), answered.Token);
            var lost = $"{activity} was not answered in {timing.CallTimeout} ms";
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

    /// <summary>Makes a call of a step until its outcome is one to decide on; a long wait goes on in a child workflow.</summary>
    /// <exception cref="StepFailedException">It waits for too long: <c>GAVE_UP</c>.</exception>
    public async Task<StepResult> SettleAsync(StepRequest request, DateTime giveUp)
    {
        if (await PollAsync(request, giveUp, PollsHere) is { } result)
        {
            return result;
        }

        var settled = await context.CallChildWorkflowAsync<Settled>(
            nameof(StepWait),
            new StepWaitInput(request, timing, giveUp),
            new ChildWorkflowTaskOptions(Ids.Wait(context.InstanceId, ++_waits)));
        IsUnanswered |= settled.IsUnanswered;
        return settled.Failure is { } failure ? throw new StepFailedException(failure, settled.Result.Message ?? "") : settled.Result;
    }

    /// <summary>Goes on only if nobody wants otherwise: waits while the rollout is paused.</summary>
    /// <exception cref="StepFailedException">It is cancelled.</exception>
    public async Task HeedAsync(RolloutRun run, Wish? wish)
    {
        if (await GoesOnAsync(run, wish) is Wish.Cancel)
        {
            throw StepFailedException.OfCancel();
        }
    }

    /// <summary>Waits while the rollout is paused.</summary>
    /// <returns>Null: it goes on; or that it is cancelled.</returns>
    public async Task<Wish?> GoesOnAsync(RolloutRun run, Wish? wish) => wish is not Wish.Pause
        ? wish
        : (await context.CallChildWorkflowAsync<ControlState>(
            nameof(PauseWait), new PauseInput(run, timing), new ChildWorkflowTaskOptions(Ids.Wait(context.InstanceId, ++_waits)))).Wish;

    /// <summary>Makes a call of a step up to so many times.</summary>
    /// <returns>Its outcome, or null: it still waits.</returns>
    /// <exception cref="StepFailedException">It waits for too long: <c>GAVE_UP</c>.</exception>
    public async Task<StepResult?> PollAsync(StepRequest request, DateTime giveUp, int polls)
    {
        for (var poll = 0; poll < polls; poll++)
        {
            var result = await CallAsync<StepResult>(ActivityOf(request.Phase), request, KindOf(request.Phase), giveUp);
            if (!IsWait(request.Phase, result))
            {
                return result;
            }

            // What waits is ended by a cancel at once; a pause lets a step that has begun come to its end.
            if (result.Wish is Wish.Cancel)
            {
                throw StepFailedException.OfCancel();
            }

            if (context.CurrentUtcDateTime >= giveUp)
            {
                return result.Kind is StepResultKind.Refused
                    ? result
                    : throw new StepFailedException("GAVE_UP", $"It still waited: {result.Message}");
            }

            await SleepAsync(result.NotBefore, poll, giveUp);
        }

        return null;
    }

    /// <summary>Sleeps until a time, or for the pause after so many tries if that is longer; never beyond the end of all patience.</summary>
    public Task SleepAsync(DateTimeOffset? notBefore, int tries, DateTime giveUp)
    {
        var pause = context.CurrentUtcDateTime + timing.Pause(tries);
        var wanted = notBefore?.UtcDateTime > pause ? notBefore.Value.UtcDateTime : pause;
        return context.CreateTimer(wanted > giveUp && giveUp > pause ? giveUp : wanted, default);
    }

    // An undo is not refused for good until its patience ends: somebody may lift what stands in its way.
    private static bool IsWait(StepPhase phase, StepResult result) => result.Kind is StepResultKind.Wait
        || (phase is StepPhase.Revert && result is { Kind: StepResultKind.Refused, Reason: not StepFailedException.EpochPassed });

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
