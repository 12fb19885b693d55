using System.Globalization;
using Dapr.Workflow;
using MeshWorkflow.Workflows.Calls;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Scopes;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Rollouts;

/// <summary>Leaves what clusters share and none of them needs any more, last prepared first.</summary>
internal static class Leaving
{
    public static async Task<Tally> LeaveAsync(this RolloutCalls calls, RolloutRun run, Timing timing, int number, Tally tally)
    {
        var facts = await calls.AskAsync<ScopeFacts>(nameof(LoadScopes), new ScopeQuery(run, Batch: 0));
        for (var batch = facts.Batches - 1; batch >= 0; batch--)
        {
            var id = Ids.Part(run, "leave", (batch + 1).ToString(CultureInfo.InvariantCulture));
            tally = tally.And(await calls.RunAsync<Tally>(
                nameof(ScopeLeaving), new ScopeBatchInput(run, timing, batch, number), Ids.Compensation(id, number)));
        }

        return tally;
    }
}

/// <summary>Leaves a batch of what clusters share and none of them needs any more.</summary>
internal sealed class ScopeLeaving : Workflow<ScopeBatchInput, Tally>
{
    public override async Task<Tally> RunAsync(WorkflowContext context, ScopeBatchInput input)
    {
        var calls = new RolloutCalls(context, input.Run, input.Timing);
        var idle = await calls.AskAsync<ScopeFacts>(nameof(FindIdleScopes), new ScopeQuery(input.Run, input.Batch));
        var tally = new Tally();
        var standing = new List<StepScope>();
        foreach (var scope in idle.Scopes.Reverse().Select(StepScope.Parse))
        {
            // What could not be put back in a pool takes the roles on its project to be put back later.
            if (scope.Kind is ScopeKind.Project && standing.Any(one => Certificates.ProjectOf(one) == scope.Name))
            {
                continue;
            }

            var verdict = await calls.RunScopeAsync(
                nameof(ScopeRelease),
                new ScopeReleaseInput(input.Run, scope, input.Timing, input.Number),
                Ids.Compensation(Ids.Install(input.Run, scope), input.Number),
                scope,
                input.Number);
            tally = tally.AndShared(verdict);
            if (scope.Kind is not ScopeKind.Project && verdict.State is (ClusterState.CompensationIncomplete or ClusterState.Failed))
            {
                standing.Add(scope);
            }
        }

        return tally;
    }
}
