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
        var idle = await calls.AskAsync<ScopeList>(nameof(FindIdleScopes), run);
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
                new ScopeReleaseInput(run, scope, timing, number),
                Ids.Compensation(Ids.Install(run, scope), number),
                scope,
                number);
            tally = tally.AndShared(verdict);
            if (scope.Kind is not ScopeKind.Project && verdict.State is (ClusterState.CompensationIncomplete or ClusterState.Failed))
            {
                standing.Add(scope);
            }
        }

        return tally;
    }
}
