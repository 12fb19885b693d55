using Dapr.Workflow;
using MeshWorkflow.Workflows.Calls;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Control;

/// <summary>Looks what people want of a rollout.</summary>
internal sealed class ReadControl(Controls controls, StepRecords records) : WorkflowActivity<ControlInput, ControlState>
{
    public override async Task<ControlState> RunAsync(WorkflowActivityContext context, ControlInput input)
    {
        using var limit = records.Limit();
        var control = await controls.ReadAsync(input.Run, limit.Token);
        return new ControlState(control.Version, control.Wish, input.Stage is not null && control.IsApproved(input.Stage));
    }
}

/// <summary>Waits while a rollout is paused; told of the end of the pause by an event. It begins a new history from time to time, so that none grows large.</summary>
internal sealed class PauseWait : Workflow<PauseInput, ControlState>
{
    private const int PollsPerHistory = 100;

    public override async Task<ControlState> RunAsync(WorkflowContext context, PauseInput input)
    {
        var calls = new TimedCalls(context, input.Timing);
        for (var poll = 0; poll < PollsPerHistory; poll++)
        {
            var control = await calls.CallAsync<ControlState>(nameof(ReadControl), new ControlInput(input.Run), CallKind.Reading, DateTime.MaxValue);
            if (control.Wish is not Wish.Pause)
            {
                return control;
            }

            await WishWait.SleepAsync(context, control.Version, TimeSpan.FromMilliseconds(input.Timing.PollEvery));
        }

        context.ContinueAsNew(input);
        return new ControlState(0, Wish.Pause, IsApproved: false);
    }
}

/// <summary>Whose wishes.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="Stage">The stage whose approval is asked for.</param>
internal sealed record ControlInput(RolloutRun Run, string? Stage = null);

/// <summary>Who waits.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="Timing">Its intervals.</param>
internal sealed record PauseInput(RolloutRun Run, Timing Timing);

/// <summary>What people want.</summary>
/// <param name="Version">The version of their wishes.</param>
/// <param name="Wish">Their wish; null: go on.</param>
/// <param name="IsApproved">Whether the stage is approved.</param>
internal sealed record ControlState(int Version, Wish? Wish, bool IsApproved);
