using System.Security.Cryptography;
using MeshWorkflow.Ledger;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.Workflows.Steps;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeshWorkflow.Workflows.Api;

/// <summary>Takes a cluster away from whoever owns it: raises its epoch, so that nothing of theirs is written any more, then removes the Lease.</summary>
internal sealed class ClusterUnlock(StepClients clients, Epochs epochs, StepRecords records)
{
    private const string Rollout = "unlock";

    /// <returns>Why it could not be; null: it is free.</returns>
    public async Task<JsonHttpResult<Problem>?> RunAsync(string project, string location, string name, CancellationToken cancellationToken)
    {
        if (!Formats.ProjectId().IsMatch(project) || !Formats.Location().IsMatch(location) || !Formats.ClusterName().IsMatch(name))
        {
            return Problems.Of(StatusCodes.Status400BadRequest, "CLUSTER_INVALID", $"'{project}/{location}/{name}' names no cluster.");
        }

        var scope = StepScope.Of(new ClusterRef(project, location, name));
        var epoch = await epochs.RaiseAsync(scope.ToString(), $"{Rollout}-{RandomNumberGenerator.GetHexString(16, lowercase: true)}", cancellationToken);
        var attempt = new StepAttempt(new RolloutRun(Rollout, 1), scope, ControlPlane.AppId, "ownership", Attempt: 1, epoch, Number: 0);
        var outcome = await clients.Ownership().UnlockAsync(
            new OwnershipRequest { Call = attempt.ToCall(), Cluster = scope.Cluster.ToProto() }, records.Options(cancellationToken));
        var result = StepOutcomes.Of(outcome);
        return outcome.OutcomeCase is Outcome.OutcomeOneofCase.Done
            ? null
            : Problems.Of(StatusCodes.Status409Conflict, result.Reason ?? "NOT_NOW", result.Message ?? "The cluster did not answer.", "Try again.");
    }
}
