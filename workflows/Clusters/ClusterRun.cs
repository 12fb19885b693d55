using Dapr.Workflow;
using MeshWorkflow.Workflows.Calls;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Clusters;

/// <summary>
/// What an install and an undo of a cluster have in common: they take the cluster, number their calls, record where it stands and
/// let it go.
/// </summary>
internal sealed class ClusterRun(WorkflowContext context, RolloutRun run, ClusterRef cluster, Timing timing, int firstNumber)
{
    private int _number = firstNumber;

    public TimedCalls Calls { get; } = new(context, timing);

    /// <summary>The epoch that this run's writes belong to; 0: it has none.</summary>
    public long Epoch { get; private set; }

    public StepAttempt Attempt(string app, string step, int attempt) => new(run, cluster, app, step, attempt, Epoch, ++_number);

    public ClusterInput Input => new(run, cluster);

    public Task RecordAsync(ClusterState state, string? reason = null, string? message = null) => Calls.CallAsync<bool>(
        nameof(RecordCluster),
        new ClusterRecord(run, cluster, ++_number, state, reason, message),
        CallKind.Reading,
        GiveUp(timing.StepGiveUp));

    public async Task<ClusterVerdict> EndAsync(ClusterState state, string? reason = null, string? message = null)
    {
        await RecordAsync(state, reason, message);
        return new ClusterVerdict(state, reason);
    }

    /// <summary>Takes the cluster.</summary>
    /// <exception cref="StepFailedException">It can't be taken.</exception>
    public async Task TakeAsync()
    {
        var begun = await SettleAsync<Begun>(nameof(BeginCluster), answer => answer.Result, answer => Epoch = answer.Epoch);
        if (begun.Result.Kind is StepResultKind.Refused)
        {
            throw StepFailedException.Of(begun.Result);
        }
    }

    /// <summary>Lets the cluster go, if it was taken. A failure to do so is recorded: what was done on the cluster stays true.</summary>
    /// <returns>Why it could not be let go, or null.</returns>
    public async Task<string?> ReleaseAsync()
    {
        if (Epoch == 0)
        {
            return null;
        }

        try
        {
            var released = await SettleAsync<StepResult>(nameof(EndCluster), answer => answer, _ => { });
            return released.Kind is StepResultKind.Refused ? $"The cluster's Lease is still held: {released.Message}" : null;
        }
        catch (StepFailedException failure)
        {
            return $"The cluster's Lease may still be held: {failure.Message}";
        }
    }

    public DateTime GiveUp(long milliseconds) => context.CurrentUtcDateTime + TimeSpan.FromMilliseconds(milliseconds);

    // The Lease's calls have no plan: a conflict means that somebody else was at it, and to look again.
    private async Task<T> SettleAsync<T>(string activity, Func<T, StepResult> resultOf, Action<T> seen)
    {
        var giveUp = GiveUp(timing.StepGiveUp);
        for (var tries = 0; ; tries++)
        {
            var answer = await Calls.CallAsync<T>(
                activity, new ClusterClaim(run, cluster, context.InstanceId, Epoch), CallKind.Writing, giveUp);
            seen(answer);
            var result = resultOf(answer);
            if (result.Kind is StepResultKind.Done or StepResultKind.Refused)
            {
                return answer;
            }

            if (context.CurrentUtcDateTime >= giveUp)
            {
                throw new StepFailedException("GAVE_UP", $"It still waited: {result.Message}");
            }

            await Calls.SleepAsync(result.NotBefore, tries, giveUp);
        }
    }
}
