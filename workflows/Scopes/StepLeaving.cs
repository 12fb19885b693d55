using MeshWorkflow.Workflows.Calls;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Scopes;

/// <summary>
/// Takes a rollout out of one step of a scope after another. What nobody relies on then is put back, unless a cluster is in the mesh
/// though no rollout says so: then it stays.
/// </summary>
internal sealed class StepLeaving(ScopeRun run, ScopeReleaseInput input)
{
    private readonly int _attempt = (input.Number * StepUndo.AttemptsPerRun) - 1;
    private bool _hasLooked;

    public StepUndo Undo { get; } = new(run, input.Timing, input.Number * StepUndo.AttemptsPerRun);

    /// <summary>Why something stays, if it does.</summary>
    public string? Kept { get; private set; }

    /// <returns>Whether the step before it may be left, too.</returns>
    public async Task<bool> IsLeftAsync(StepName step)
    {
        var leave = new StepLeave(input.Run, input.Scope, step.App, step.Step, _attempt);
        var left = await run.Calls.CallAsync<Left>(nameof(LeaveStep), leave, CallKind.Reading, run.GiveUp(input.Timing.UndoGiveUp));
        if (!left.HasUndo)
        {
            return true;
        }

        await LookAsync(step);
        if (Kept is { } why)
        {
            var keep = new StepKeep(run.Attempt(step.App, step.Step, _attempt), why);
            await run.Calls.CallAsync<bool>(nameof(KeepStep), keep, CallKind.Reading, run.GiveUp(input.Timing.UndoGiveUp));
            return true;
        }

        await Undo.RunAsync(new LedgerLine(step.App, step.Step, _attempt));
        if (!Undo.IsClean)
        {
            return false;
        }

        await run.Calls.CallAsync<bool>(nameof(EndLeave), leave, CallKind.Reading, run.GiveUp(input.Timing.UndoGiveUp));
        return true;
    }

    // Once, before the first thing is put back: afterwards the roles and APIs to look with may be gone.
    private async Task LookAsync(StepName step)
    {
        if (_hasLooked)
        {
            return;
        }

        _hasLooked = true;
        var giveUp = run.GiveUp(input.Timing.UndoGiveUp);
        for (var tries = 0; ; tries++)
        {
            var seen = await run.Calls.CallAsync<StepResult>(
                nameof(FindMeshMember), run.Attempt(step.App, "mesh-members", _attempt), CallKind.Reading, giveUp);
            switch (seen.Kind)
            {
                case StepResultKind.Done:
                    return;
                case StepResultKind.Conflict:
                    Kept = seen.Message;
                    return;
                case StepResultKind.Wait when run.IsBefore(giveUp):
                    await run.Calls.SleepAsync(seen.NotBefore, tries, giveUp);
                    break;
                case StepResultKind.Wait:
                    throw new StepFailedException("GAVE_UP", $"It still waited: {seen.Message}");
                default:
                    throw StepFailedException.Of(seen);
            }
        }
    }
}
