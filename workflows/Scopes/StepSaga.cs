using Dapr.Workflow;
using MeshWorkflow.Workflows.Calls;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Scopes;

/// <summary>
/// Carries out the steps of a scope. Each is planned, its plan is stored before anything is written, applied, and then looked at
/// until the world is as planned; where the world moved meanwhile, a new plan is made.
/// </summary>
internal sealed class StepSaga(WorkflowContext context, ScopeRun run, Timing timing)
{
    // A world that moves away more often than this is somebody at work against us.
    private const int MaxWrites = 10;

    /// <summary>Whether anything may have been written.</summary>
    public bool HasWritten { get; private set; }

    /// <summary>Carries out a step.</summary>
    /// <exception cref="StepFailedException">It can't be carried out, or somebody has cancelled the rollout.</exception>
    public async Task RunAsync(StepName step)
    {
        var giveUp = run.GiveUp(timing.StepGiveUp);
        var earlier = new List<int>();
        for (var attempt = 1; earlier.Count < MaxWrites; attempt++)
        {
            var plan = await SettleAsync(StepPhase.Plan, step, attempt, giveUp, earlier: [.. earlier]);
            giveUp += await run.Calls.HeedAsync(run.Rollout, plan.Wish);
            if (plan is { Kind: StepResultKind.Done, Changes: 0 })
            {
                return;
            }

            if (plan.Kind is StepResultKind.Done)
            {
                earlier.Add(attempt);
                HasWritten = true;
                if (await IsBroughtAboutAsync(step, attempt, plan.IsLong, giveUp))
                {
                    return;
                }
            }

            if (context.CurrentUtcDateTime >= giveUp)
            {
                throw new StepFailedException("GAVE_UP", $"{step.Step} still waited: {plan.Message}");
            }

            await run.Calls.SleepAsync(notBefore: null, attempt, giveUp);
        }

        throw new StepFailedException(
            "WORLD_KEEPS_CHANGING", $"{step.Step} was planned {MaxWrites} times, and each time somebody changed the world meanwhile.");
    }

    // False: the world has moved away.
    private async Task<bool> IsBroughtAboutAsync(StepName step, int attempt, bool isLong, DateTime giveUp)
    {
        var applied = await SettleAsync(StepPhase.Apply, step, attempt, giveUp, isLong: isLong);
        if (applied.Kind is StepResultKind.Conflict)
        {
            return false;
        }

        var seen = await SettleAsync(StepPhase.Verify, step, attempt, giveUp, handles: applied.Handles);
        return seen.Kind is not StepResultKind.Conflict;
    }

    private async Task<StepResult> SettleAsync(
        StepPhase phase,
        StepName step,
        int attempt,
        DateTime giveUp,
        IReadOnlyList<int>? earlier = null,
        IReadOnlyList<string>? handles = null,
        bool isLong = false)
    {
        var request = new StepRequest(phase, run.Attempt(step.App, step.Step, attempt), attempt, earlier, handles, isLong);
        var result = await run.Calls.SettleAsync(request, giveUp);
        if (result.Kind is not StepResultKind.Refused)
        {
            return result;
        }

        context.CreateReplaySafeLogger<StepSaga>().StepRefused(context.InstanceId, step.Step, phase, result.Reason, result.Message);
        throw StepFailedException.Of(result);
    }
}

/// <summary>What a saga logs.</summary>
internal static partial class StepSagaLog
{
    [LoggerMessage(LogLevel.Warning, "{Instance}: {Step} is refused at {Phase}: {Reason}: {Message}")]
    public static partial void StepRefused(this ILogger logger, string instance, string step, StepPhase phase, string? reason, string? message);
}
