using Dapr.Workflow;
using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.Ledger;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Scopes;

/// <summary>
/// Takes a rollout out of all that it relies on of one step of a scope, and stores what it is to put back then as a plan of its
/// own. Delivered again, it answers the same.
/// </summary>
internal sealed class LeaveStep(Claims claims, StepLedger ledger, StepRecords records) : WorkflowActivity<StepLeave, Left>
{
    public override async Task<Left> RunAsync(WorkflowActivityContext context, StepLeave input)
    {
        using var limit = records.Limit();
        if (await claims.LeaveAsync(input.Scope.ToString(), input.Step, input.Run.ToString(), limit.Token) is not { } undo)
        {
            return new Left(HasUndo: false);
        }

        await ledger.AddAsync(
            new LedgerEntry { Call = input.ToCall(), Spec = undo.Spec, Plan = undo.Plan, PlannedAt = records.Now.ToTimestamp() }, limit.Token);
        return new Left(HasUndo: true);
    }
}

/// <summary>Ends what <see cref="LeaveStep"/> began: whoever waits may rely on it anew.</summary>
internal sealed class EndLeave(Claims claims, StepRecords records) : WorkflowActivity<StepLeave, bool>
{
    public override async Task<bool> RunAsync(WorkflowActivityContext context, StepLeave input)
    {
        using var limit = records.Limit();
        await claims.EndAsync(input.Scope.ToString(), input.Step, input.Run.ToString(), limit.Token);
        return true;
    }
}

/// <summary>What a rollout leaves.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="Scope">The scope.</param>
/// <param name="App">The service that has the step.</param>
/// <param name="Step">The step.</param>
/// <param name="Attempt">Under which attempt the undo is stored.</param>
internal sealed record StepLeave(RolloutRun Run, StepScope Scope, string App, string Step, int Attempt)
{
    public Call ToCall() => new StepAttempt(Run, Scope, App, Step, Attempt, Epoch: 0, Number: 0).ToCall();
}

/// <summary>What came of leaving.</summary>
/// <param name="HasUndo">Whether there is something to put back.</param>
internal sealed record Left(bool HasUndo);
