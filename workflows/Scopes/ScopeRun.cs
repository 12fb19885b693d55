using System.Globalization;
using Dapr.Workflow;
using MeshWorkflow.Workflows.Calls;
using MeshWorkflow.Workflows.Clusters;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Scopes;

/// <summary>
/// What an install and an undo of a scope have in common: they take it, number their calls, record where it stands and let it go.
/// </summary>
internal sealed class ScopeRun(WorkflowContext context, RolloutRun rollout, StepScope scope, Timing timing, int firstNumber)
{
    // Whatever people want meanwhile, what was done is undone.
    private readonly bool _isUndo = firstNumber != ScopeRecord.FirstOfInstall;

    private int _number = firstNumber;
    private int _fences;

    public TimedCalls Calls { get; } = new(context, timing);

    public RolloutRun Rollout => rollout;

    /// <summary>The epoch that this run's writes belong to; 0: it has none.</summary>
    public long Epoch { get; private set; }

    /// <summary>What the scope shares with others and is still to be prepared, once it is a member of its fleet.</summary>
    public IReadOnlyList<StepScope> Late { get; private set; } = [];

    public ScopeInput Input => new(rollout, scope);

    public StepAttempt Attempt(string app, string step, int attempt) => new(rollout, scope, app, step, attempt, Epoch, ++_number);

    public Task RecordAsync(ClusterState state, string? reason = null, string? message = null) => Calls.CallAsync<bool>(
        nameof(RecordScope),
        new ScopeRecord(rollout, scope, ++_number, state, reason, message),
        CallKind.Reading,
        GiveUp(timing.StepGiveUp));

    public async Task<ScopeVerdict> EndAsync(ClusterState state, string? reason = null, string? message = null)
    {
        await RecordAsync(state, reason, message);
        return new ScopeVerdict(state, reason);
    }

    /// <summary>Takes the scope.</summary>
    /// <param name="isLate">Whether what an earlier preparation has left is to be done.</param>
    /// <returns>The steps that the request wants there, in their order; fixed by this, whatever a later release would do.</returns>
    /// <exception cref="StepFailedException">It can't be taken.</exception>
    public async Task<IReadOnlyList<StepName>> TakeAsync(bool isLate = false)
    {
        var activity = scope.IsShared ? nameof(BeginScope) : nameof(BeginCluster);
        var begun = await SettleAsync<Begun>(activity, answer => answer.Result, answer => Epoch = answer.Epoch, isLate);
        _number = Math.Max(_number, begun.Last);
        Late = [.. (begun.Late ?? []).Select(StepScope.Parse)];
        return begun.Result.Kind is StepResultKind.Refused
            ? throw StepFailedException.Of(begun.Result)
            : [.. (begun.Steps ?? []).Select(StepName.Parse)];
    }

    /// <summary>Lets the scope go, if it was taken. A failure to do so is recorded: what was done there stays true.</summary>
    /// <returns>Why it could not be let go, or null.</returns>
    public async Task<string?> ReleaseAsync()
    {
        if (Epoch == 0)
        {
            return null;
        }

        try
        {
            var activity = scope.IsShared ? nameof(EndScope) : nameof(EndCluster);
            var released = await SettleAsync<StepResult>(activity, answer => answer, _ => { });
            return released.Kind is StepResultKind.Refused ? $"The cluster's Lease is still held: {released.Message}" : null;
        }
        catch (StepFailedException failure)
        {
            return $"The cluster's Lease may still be held: {failure.Message}";
        }
    }

    /// <summary>Where a call that may write was given up unanswered: sees to it that it writes nothing any more.</summary>
    /// <returns>False: another run has taken over.</returns>
    public async Task<bool> FenceAsync()
    {
        if (!Calls.IsUnanswered || Epoch == 0)
        {
            return true;
        }

        var claim = new ScopeClaim(rollout, scope, string.Create(CultureInfo.InvariantCulture, $"{context.InstanceId}-fence-{++_fences}"), Epoch);
        var raised = await Calls.CallAsync<long>(nameof(PassEpoch), claim, CallKind.Reading, DateTime.MaxValue);
        if (raised == 0)
        {
            return false;
        }

        Epoch = raised;
        await context.CreateTimer(TimeSpan.FromMilliseconds(timing.UnansweredWait));
        Calls.ForgetUnanswered();
        return true;
    }

    public bool IsBefore(DateTime time) => context.CurrentUtcDateTime < time;

    public DateTime GiveUp(long milliseconds) => context.CurrentUtcDateTime + TimeSpan.FromMilliseconds(milliseconds);

    // Taking has no plan: a conflict means that somebody else was at it, and to look again.
    private async Task<T> SettleAsync<T>(string activity, Func<T, StepResult> resultOf, Action<T> seen, bool isLate = false)
    {
        var giveUp = GiveUp(timing.StepGiveUp);
        for (var tries = 0; ; tries++)
        {
            var answer = await Calls.CallAsync<T>(
                activity, new ScopeClaim(rollout, scope, context.InstanceId, Epoch, isLate), CallKind.Writing, giveUp);
            seen(answer);
            var result = resultOf(answer);
            if (result.Kind is StepResultKind.Done || (result.Kind is StepResultKind.Refused && !Calls.MayPass(result, giveUp)))
            {
                return answer;
            }

            if (result.Wish is Wish.Cancel && !_isUndo)
            {
                throw StepFailedException.OfCancel();
            }

            if (context.CurrentUtcDateTime >= giveUp)
            {
                throw new StepFailedException("GAVE_UP", $"It still waited: {result.Message}");
            }

            await Calls.SleepAsync(result.NotBefore, tries, giveUp);
        }
    }
}

/// <summary>On whose behalf a scope is taken.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="Scope">The scope.</param>
/// <param name="Instance">The workflow that takes it.</param>
/// <param name="Epoch">The epoch that it was taken with; 0 before.</param>
/// <param name="IsLate">Whether what an earlier preparation has left is to be done.</param>
internal sealed record ScopeClaim(RolloutRun Run, StepScope Scope, string Instance, long Epoch = 0, bool IsLate = false);

/// <summary>How taking a scope went.</summary>
/// <param name="Epoch">The epoch that its writes belong to; 0: it was not raised.</param>
/// <param name="Result">How.</param>
/// <param name="Steps">The steps that the request wants there.</param>
/// <param name="Last">Of what is prepared late: the number of the last call that was recorded there.</param>
/// <param name="Late">Of a cluster: what it shares with others that is still to be prepared.</param>
internal sealed record Begun(
    long Epoch, StepResult Result, IReadOnlyList<string>? Steps = null, int Last = 0, IReadOnlyList<string>? Late = null);
