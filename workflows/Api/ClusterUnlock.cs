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
    public async Task<JsonHttpResult<Problem>?> RunAsync(ClusterRef cluster, UnlockRequest way, CancellationToken cancellationToken)
    {
        if (!IsName(cluster))
        {
            return Problems.Of(
                StatusCodes.Status400BadRequest, "CLUSTER_INVALID", $"'{VisibleText.Of(cluster.ToString(), 200)}' names no cluster.", "Name it as PROJECT/LOCATION/NAME; one elsewhere has the location global.");
        }

        var mistakes = new List<Mistake>();
        if (way.Read(cluster, mistakes) is not { } detail || mistakes.Count > 0)
        {
            return Problems.Mistaken(mistakes);
        }

        var scope = StepScope.Of(cluster);
        var epoch = await epochs.RaiseAsync(scope.ToString(), $"{Rollout}-{RandomNumberGenerator.GetHexString(16, lowercase: true)}", cancellationToken);
        var attempt = new StepAttempt(new RolloutRun(Rollout, 1), scope, ControlPlane.AppId, "ownership", Attempt: 1, epoch, Number: 0);
        var outcome = await clients.Ownership().UnlockAsync(
            new OwnershipRequest { Call = attempt.ToCall(), Cluster = detail.TargetIn(way.Fleet ?? cluster.Project) }, records.Options(cancellationToken));
        var result = StepOutcomes.Of(outcome);
        return outcome.OutcomeCase is Outcome.OutcomeOneofCase.Done
            ? null
            : Problems.Of(StatusCodes.Status409Conflict, result.Reason ?? "NOT_NOW", result.Message ?? "The cluster did not answer.", "Try again.");
    }

    private static bool IsName(ClusterRef cluster) =>
        Formats.ProjectId().IsMatch(cluster.Project)
        && (cluster.Location == ClusterParser.Elsewhere
            ? Formats.DnsLabel().IsMatch(cluster.Name)
            : Formats.Location().IsMatch(cluster.Location) && Formats.ClusterName().IsMatch(cluster.Name));
}
