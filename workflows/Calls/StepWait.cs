using Dapr.Workflow;
using MeshWorkflow.Workflows.Control;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Calls;

/// <summary>
/// A call of a step that waits for long. Until the world is looked at again it sees to what people want: told by an event, and if that
/// is lost, at its next look. It begins a new history from time to time, so that none grows large.
/// </summary>
internal sealed class StepWait : Workflow<StepWaitInput, Settled>
{
    private const int LooksPerHistory = 100;

    public override async Task<Settled> RunAsync(WorkflowContext context, StepWaitInput input)
    {
        var calls = new TimedCalls(context, input.Timing);
        var now = input;
        try
        {
            for (var look = 0; look < LooksPerHistory; look++)
            {
                if (context.CurrentUtcDateTime < now.Until)
                {
                    now = await SleepAsync(context, calls, now);
                    continue;
                }

                var result = await calls.LookAsync(input.Request, input.GiveUp);
                if (!calls.IsWaiting(input.Request.Phase, result, input.GiveUp))
                {
                    return new Settled(result, input.IsUnanswered || calls.IsUnanswered);
                }

                now = now with
                {
                    Until = calls.WakeUp(result.NotBefore, now.Tries, input.GiveUp),
                    Tries = now.Tries + 1,
                    Wishes = result.Wishes,
                };
            }
        }
        catch (StepFailedException failure)
        {
            return new Settled(
                new StepResult(StepResultKind.Wait, Message: failure.Message), input.IsUnanswered || calls.IsUnanswered, failure.Reason);
        }

        context.ContinueAsNew(now with { IsUnanswered = input.IsUnanswered || calls.IsUnanswered });
        return new Settled(new StepResult(StepResultKind.Wait), IsUnanswered: true);
    }

    // An undo is ended by nobody: it sleeps through.
    private static async Task<StepWaitInput> SleepAsync(WorkflowContext context, TimedCalls calls, StepWaitInput now)
    {
        if (now.Request.Phase is StepPhase.Revert or StepPhase.VerifyUndo)
        {
            await context.CreateTimer(now.Until, default);
            return now;
        }

        var left = now.Until - context.CurrentUtcDateTime;
        var longest = TimeSpan.FromMilliseconds(now.Timing.PollEvery);
        await WishWait.SleepAsync(context, now.Wishes, left < longest ? left : longest);
        if (context.CurrentUtcDateTime >= now.Until)
        {
            return now;
        }

        var control = await calls.CallAsync<ControlState>(
            nameof(ReadControl), new ControlInput(now.Request.Attempt.Run), CallKind.Reading, DateTime.MaxValue);
        return control.Wish is Wish.Cancel ? throw StepFailedException.OfCancel() : now with { Wishes = control.Version };
    }
}

/// <summary>What to wait for.</summary>
/// <param name="Request">The call.</param>
/// <param name="Timing">The rollout's intervals.</param>
/// <param name="GiveUp">When patience ends.</param>
/// <param name="Until">When to make the call next.</param>
/// <param name="Tries">How often it was made before.</param>
/// <param name="Wishes">The version of the wishes that was seen last.</param>
/// <param name="IsUnanswered">Whether an earlier history saw a call that was not acknowledged.</param>
internal sealed record StepWaitInput(
    StepRequest Request, Timing Timing, DateTime GiveUp, DateTime Until, int Tries, int Wishes = 0, bool IsUnanswered = false);

/// <summary>How a wait ended.</summary>
/// <param name="Result">The outcome to decide on.</param>
/// <param name="IsUnanswered">Whether a call that may write was not acknowledged.</param>
/// <param name="Failure">The reason, if patience ended.</param>
internal sealed record Settled(StepResult Result, bool IsUnanswered, string? Failure = null);
