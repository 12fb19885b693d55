using Dapr.Workflow;
using MeshWorkflow.Workflows.Calls;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Rollouts;
using MeshWorkflow.Workflows.Scopes;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Preflights;

/// <summary>
/// Looks at a batch of clusters before the first write anywhere. What can't get the mesh is skipped, with the reason; what does not
/// answer is asked again for a while.
/// </summary>
internal sealed class PreflightBatch : Workflow<PreflightBatchInput, PreflightTally>
{
    private const int AtOnce = 20;

    public override async Task<PreflightTally> RunAsync(WorkflowContext context, PreflightBatchInput input)
    {
        var calls = new RolloutCalls(context, input.Run, input.Timing);
        var facts = await calls.AskAsync<PreflightClusters>(nameof(LoadPreflight), new PreflightQuery(input.Run, input.Batch));
        var lane = new Lane(AtOnce, (tally, verdict) => tally.And(verdict));
        foreach (var cluster in facts.Clusters.Select(ClusterText.Parse).Select(StepScope.Of))
        {
            await lane.RoomAsync();
            lane.Add(LookAsync(context, calls, input, cluster));
        }

        var tally = await lane.AllAsync();
        return new PreflightTally(tally.Succeeded, tally.Skipped);
    }

    // Whoever has to be asked again waits in a history of its own: in a batch all may have to.
    private static async Task<ScopeVerdict> LookAsync(WorkflowContext context, RolloutCalls calls, PreflightBatchInput input, StepScope cluster)
    {
        var giveUp = context.CurrentUtcDateTime + TimeSpan.FromMilliseconds(input.Timing.PreflightGiveUp);
        var seen = await calls.AskAsync<StepResult>(nameof(PreflightCluster), new PreflightInput(input.Run, cluster, Tries: 0, IsLast: false));
        return seen.Kind is not StepResultKind.Wait
            ? PreflightWait.VerdictOf(seen)
            : await calls.RunAsync<ScopeVerdict>(
                nameof(PreflightWait),
                new PreflightWaitInput(input.Run, cluster, input.Timing, giveUp, seen.Wish),
                Ids.Preflight(input.Run, cluster.Cluster));
    }
}

/// <summary>Asks a cluster that does not answer again for a while, unless somebody cancels the rollout meanwhile.</summary>
internal sealed class PreflightWait : Workflow<PreflightWaitInput, ScopeVerdict>
{
    public override async Task<ScopeVerdict> RunAsync(WorkflowContext context, PreflightWaitInput input)
    {
        var calls = new RolloutCalls(context, input.Run, input.Timing);
        var wish = input.Wish;
        for (var tries = 0; wish is not Wish.Cancel; tries++)
        {
            await context.CreateTimer(input.Timing.Pause(tries));
            var isLast = context.CurrentUtcDateTime >= input.GiveUp;
            var seen = await calls.AskAsync<StepResult>(nameof(PreflightCluster), new PreflightInput(input.Run, input.Cluster, tries + 1, isLast));
            if (seen.Kind is not StepResultKind.Wait)
            {
                return VerdictOf(seen);
            }

            wish = seen.Wish;
        }

        return new ScopeVerdict(ClusterState.Cancelled, StepFailedException.Cancelled);
    }

    public static ScopeVerdict VerdictOf(StepResult seen) =>
        new(seen.Kind is StepResultKind.Done ? ClusterState.Succeeded : ClusterState.Skipped, seen.Reason);
}

/// <summary>A batch of preflight.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="Timing">Its intervals.</param>
/// <param name="Batch">Which, from 0.</param>
internal sealed record PreflightBatchInput(RolloutRun Run, Timing Timing, int Batch);

/// <summary>How preflight went.</summary>
/// <param name="Passed">How many clusters passed.</param>
/// <param name="Refused">How many did not.</param>
internal sealed record PreflightTally(int Passed = 0, int Refused = 0)
{
    public PreflightTally And(PreflightTally other) => new(Passed + other.Passed, Refused + other.Refused);
}

/// <summary>A cluster that does not answer in preflight.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="Cluster">The cluster.</param>
/// <param name="Timing">The rollout's intervals.</param>
/// <param name="GiveUp">When it is asked for the last time.</param>
/// <param name="Wish">What people wanted when it was asked first.</param>
internal sealed record PreflightWaitInput(RolloutRun Run, StepScope Cluster, Timing Timing, DateTime GiveUp, Wish? Wish);
