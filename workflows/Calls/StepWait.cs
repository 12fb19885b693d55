using Dapr.Workflow;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Calls;

/// <summary>A call of a step that waits for long. It begins a new history from time to time, so that none grows large.</summary>
internal sealed class StepWait : Workflow<StepWaitInput, Settled>
{
    private const int PollsPerHistory = 100;

    public override async Task<Settled> RunAsync(WorkflowContext context, StepWaitInput input)
    {
        var calls = new TimedCalls(context, input.Timing);
        try
        {
            if (await calls.PollAsync(input.Request, input.GiveUp, PollsPerHistory) is { } result)
            {
                return new Settled(result, input.IsUnanswered || calls.IsUnanswered);
            }
        }
        catch (StepFailedException failure)
        {
            return new Settled(
                new StepResult(StepResultKind.Wait, Message: failure.Message), input.IsUnanswered || calls.IsUnanswered, failure.Reason);
        }

        context.ContinueAsNew(input with { IsUnanswered = input.IsUnanswered || calls.IsUnanswered });
        return new Settled(new StepResult(StepResultKind.Wait), IsUnanswered: true);
    }
}

/// <summary>What to wait for.</summary>
/// <param name="Request">The call.</param>
/// <param name="Timing">The rollout's intervals.</param>
/// <param name="GiveUp">When patience ends.</param>
/// <param name="IsUnanswered">Whether an earlier history saw a call that was not acknowledged.</param>
internal sealed record StepWaitInput(StepRequest Request, Timing Timing, DateTime GiveUp, bool IsUnanswered = false);

/// <summary>How a wait ended.</summary>
/// <param name="Result">The outcome to decide on.</param>
/// <param name="IsUnanswered">Whether a call that may write was not acknowledged.</param>
/// <param name="Failure">The reason, if patience ended.</param>
internal sealed record Settled(StepResult Result, bool IsUnanswered, string? Failure = null);
