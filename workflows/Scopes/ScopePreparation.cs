using Dapr.Workflow;
using MeshWorkflow.Workflows.Calls;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Rollouts;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Scopes;

/// <summary>
/// Prepares a batch of what clusters share, one after another. One that fails stops no other, unless all clusters need it; whoever
/// needs it is not begun.
/// </summary>
internal sealed class ScopePreparation : Workflow<ScopeBatchInput, Preparation>
{
    public override async Task<Preparation> RunAsync(WorkflowContext context, ScopeBatchInput input)
    {
        var calls = new RolloutCalls(context, input.Run, input.Timing);
        var facts = await calls.AskAsync<ScopeFacts>(nameof(LoadScopes), new ScopeQuery(input.Run, input.Batch));
        var failed = 0;
        foreach (var text in facts.Scopes)
        {
            var scope = StepScope.Parse(text);
            var verdict = await calls.RunScopeAsync(
                nameof(ScopeInstall), new ScopeInstallInput(input.Run, scope, input.Timing), Ids.Install(input.Run, scope), scope, number: 0);
            if (verdict.State is ClusterState.Succeeded or ClusterState.Pending)
            {
                continue;
            }

            failed++;
            if (verdict.Reason == StepFailedException.Cancelled || facts.Everyones.Contains(text))
            {
                return new Preparation(failed, text, verdict.Reason);
            }
        }

        return new Preparation(failed);
    }
}

/// <summary>A batch of what clusters share.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="Timing">The rollout's intervals.</param>
/// <param name="Batch">Which, from 0.</param>
/// <param name="Number">Of an undo: which.</param>
internal sealed record ScopeBatchInput(RolloutRun Run, Timing Timing, int Batch = 0, int Number = 0);

/// <summary>What a preparation came to.</summary>
/// <param name="Failed">How many could not be prepared.</param>
/// <param name="Stopper">The one that no cluster can do without, or that somebody has cancelled; null: there is none.</param>
/// <param name="Reason">Why it could not be prepared.</param>
internal sealed record Preparation(int Failed, string? Stopper = null, string? Reason = null);
