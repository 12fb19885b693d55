using Dapr.Workflow;
using MeshWorkflow.Workflows.Calls;
using MeshWorkflow.Workflows.Control;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Rollouts;

/// <summary>
/// Stands behind a stage: lets the rollout go on when the stage has been left alone for long enough and, where so asked, somebody
/// has approved. Told of a wish by an event; if that is lost, it sees the wish at its next look.
/// </summary>
internal sealed class StageGate : Workflow<StageGateInput, bool>
{
    private const int PollsPerHistory = 100;

    public override async Task<bool> RunAsync(WorkflowContext context, StageGateInput input)
    {
        var calls = new RolloutCalls(context, input.Run, input.Timing);
        for (var poll = 0; poll < PollsPerHistory; poll++)
        {
            var control = await calls.ControlAsync(input.Stage);
            if (control.Wish is Wish.Cancel)
            {
                return false;
            }

            var left = input.Until - context.CurrentUtcDateTime;
            if (control.Wish is null && left <= TimeSpan.Zero && (control.IsApproved || !input.NeedsApproval))
            {
                return true;
            }

            var longest = TimeSpan.FromMilliseconds(input.Timing.PollEvery);
            await WishWait.SleepAsync(context, control.Version, left > TimeSpan.Zero && left < longest ? left : longest);
        }

        context.ContinueAsNew(input);
        return false;
    }
}

/// <summary>What the gate waits for.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="Timing">Its intervals.</param>
/// <param name="Stage">The stage's name.</param>
/// <param name="Until">Until when the stage is left alone.</param>
/// <param name="NeedsApproval">Whether somebody must approve.</param>
internal sealed record StageGateInput(RolloutRun Run, Timing Timing, string Stage, DateTime Until, bool NeedsApproval);
