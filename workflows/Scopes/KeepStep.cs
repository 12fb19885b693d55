using Dapr.Workflow;
using MeshWorkflow.Ledger;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Scopes;

/// <summary>Looks whether a cluster of a scope is in a mesh though no rollout says so: a conflict names it.</summary>
internal sealed class FindMeshMember(StepClients clients, StepRecords records) : WorkflowActivity<StepAttempt, StepResult>
{
    public override async Task<StepResult> RunAsync(WorkflowActivityContext context, StepAttempt input)
    {
        using var limit = records.Limit();
        var request = await records.RequestAsync(input.Run, limit.Token);

        // Who is signed by a pool can't be seen; whoever is in the fleet's mesh may be.
        var project = input.Scope.Kind is ScopeKind.Project ? input.Scope.Name : request.FleetProject;
        var seen = await clients.MeshMembers().CheckAsync(
            new MeshMembersRequest { Call = input.ToCall(request), Project = project, FleetProject = request.FleetProject },
            records.Options(limit.Token));
        return StepOutcomes.Of(seen);
    }
}

/// <summary>
/// Gives up what <see cref="LeaveStep"/> began, because somebody still relies on it: it stays, and is named. Delivered again, it finds
/// that done.
/// </summary>
internal sealed class KeepStep(Claims claims, ScopeRecorder recorder, StepRecords records) : WorkflowActivity<StepKeep, bool>
{
    public override async Task<bool> RunAsync(WorkflowActivityContext context, StepKeep input)
    {
        using var limit = records.Limit();
        var (attempt, scope) = (input.Attempt, input.Attempt.Scope.ToString());
        if (await claims.LeaveAsync(scope, attempt.Step, attempt.Run.ToString(), limit.Token) is not { } undo)
        {
            return false;
        }

        var kept = undo.Plan.Changes
            .SelectMany(change => change.Fields.Select(field => new Residue { Resource = change.Resource, Path = field.Path, Reason = input.Why }))
            .ToList();
        await recorder.StepAsync(
            new StepRequest(StepPhase.Revert, attempt, attempt.Attempt), new StepResult(StepResultKind.Done, Residue: kept.Count), kept, limit.Token);
        await claims.KeepAsync(scope, attempt.Step, attempt.Run.ToString(), limit.Token);
        return true;
    }
}

/// <summary>What stays.</summary>
/// <param name="Attempt">The step whose undo is given up.</param>
/// <param name="Why">Why, for people.</param>
internal sealed record StepKeep(StepAttempt Attempt, string Why);
