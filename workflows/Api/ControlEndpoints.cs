using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MeshWorkflow.Workflows.Api;

/// <summary>What people may want of a rollout that is under way.</summary>
internal static class ControlEndpoints
{
    public static void MapControl(this RouteGroupBuilder rollouts)
    {
        rollouts.MapPost("/rollouts/{id}/cancel", CancelAsync)
            .Accepts<CancelRequest>(isOptional: true, "application/json").Answers<RolloutView>(202).Refuses(400, 404, 409)
            .WithName("CancelRollout").WithSummary("No new step; clusters under way are undone, finished ones stay.");
        rollouts.MapPost("/rollouts/{id}/pause", PauseAsync)
            .Answers<RolloutView>(202).Refuses(400, 404, 409)
            .WithName("PauseRollout").WithSummary("No new step until it is resumed.");
        rollouts.MapPost("/rollouts/{id}/resume", ResumeAsync)
            .Answers<RolloutView>(202).Refuses(400, 404, 409)
            .WithName("ResumeRollout").WithSummary("Goes on after a pause.");
        rollouts.MapPost("/rollouts/{id}/approve", ApproveAsync)
            .Accepts<ApprovalRequest>(isOptional: true, "application/json").Answers<RolloutView>(202).Refuses(400, 404, 409)
            .WithName("ApproveRollout").WithSummary("Lets a rollout go on after a stage that wants approval.");
        rollouts.MapPost("/clusters/{project}/{location}/{name}/unlock", UnlockAsync)
            .Accepts<UnlockRequest>(isOptional: true, "application/json").Produces(StatusCodes.Status204NoContent).Refuses(400, 409)
            .WithName("UnlockCluster").WithSummary("Takes a cluster away from whoever owns it. Nothing that they still have under way writes any more.");
    }

    private static async Task<Results<JsonHttpResult<RolloutView>, JsonHttpResult<Problem>>> CancelAsync(
        string id, HttpRequest http, RolloutControls controls, RolloutQueries queries, CancellationToken cancellationToken)
    {
        var asked = await http.OptionalAsync(ApiJson.Default.CancelRequest, cancellationToken);
        return asked.Value is { } wish
            ? await ChangeAsync(id, http, queries, rollout => controls.CancelAsync(rollout, wish.Reason, cancellationToken), cancellationToken)
            : asked.Refusal;
    }

    private static Task<Results<JsonHttpResult<RolloutView>, JsonHttpResult<Problem>>> PauseAsync(
        string id, HttpRequest http, RolloutControls controls, RolloutQueries queries, CancellationToken cancellationToken) =>
        ChangeAsync(id, http, queries, rollout => controls.PauseAsync(rollout, cancellationToken), cancellationToken);

    private static Task<Results<JsonHttpResult<RolloutView>, JsonHttpResult<Problem>>> ResumeAsync(
        string id, HttpRequest http, RolloutControls controls, RolloutQueries queries, CancellationToken cancellationToken) =>
        ChangeAsync(id, http, queries, rollout => controls.ResumeAsync(rollout, cancellationToken), cancellationToken);

    private static async Task<Results<JsonHttpResult<RolloutView>, JsonHttpResult<Problem>>> ApproveAsync(
        string id, HttpRequest http, RolloutControls controls, RolloutQueries queries, CancellationToken cancellationToken)
    {
        var asked = await http.OptionalAsync(ApiJson.Default.ApprovalRequest, cancellationToken);
        return asked.Value is { } approval
            ? await ChangeAsync(id, http, queries, rollout => controls.ApproveAsync(rollout, approval, cancellationToken), cancellationToken)
            : asked.Refusal;
    }

    private static async Task<Results<NoContent, JsonHttpResult<Problem>>> UnlockAsync(
        string project, string location, string name, HttpRequest http, ClusterUnlock unlock, CancellationToken cancellationToken)
    {
        var asked = await http.OptionalAsync(ApiJson.Default.UnlockRequest, cancellationToken);
        if (asked.Value is not { } way)
        {
            return asked.Refusal;
        }

        return await unlock.RunAsync(new ClusterRef(project, location, name), way, cancellationToken) is { } refused ? refused : TypedResults.NoContent();
    }

    private static async Task<Results<JsonHttpResult<RolloutView>, JsonHttpResult<Problem>>> ChangeAsync(
        string id,
        HttpRequest http,
        RolloutQueries queries,
        Func<RolloutDocument, Task<ControlAnswer>> change,
        CancellationToken cancellationToken)
    {
        if (await queries.FindAsync(id, cancellationToken) is not { } rollout)
        {
            return Problems.NoRollout(id);
        }

        return await change(rollout) switch
        {
            ControlAnswer.HasEnded => Problems.Of(
                StatusCodes.Status409Conflict, "ROLLOUT_ENDED", $"'{rollout.Id}' is {rollout.State}: there is nothing to steer any more.", "To undo it: POST /v1/rollouts/{id}/rollback."),
            ControlAnswer.NoSuchStage => Problems.Of(
                StatusCodes.Status400BadRequest, "STAGE_UNKNOWN", $"'{rollout.Id}' has no stage of that name which wants approval.", "Name a stage of it that has 'approval: required'."),
            ControlAnswer.NothingWaits => Problems.Of(
                StatusCodes.Status409Conflict,
                "NOTHING_WAITS",
                $"No stage of '{rollout.Id}' waits for approval now.",
                "Name the stage to approve it ahead of time."),
            _ => await RolloutEndpoints.AnswerAsync(http, queries, rollout.Id, StatusCodes.Status202Accepted, cancellationToken),
        };
    }
}
