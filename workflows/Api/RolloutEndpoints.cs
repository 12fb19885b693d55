using MeshWorkflow.Workflows.Planning;
using MeshWorkflow.Workflows.Preflights;
using MeshWorkflow.Workflows.Requests;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MeshWorkflow.Workflows.Api;

/// <summary>The REST API of rollouts.</summary>
internal static class RolloutEndpoints
{
    public static void MapRollouts(this WebApplication app)
    {
        var rollouts = app.MapGroup("/v1").WithTags("Rollouts").AddEndpointFilter<BearerCheck>().AddEndpointFilter<IdCheck>();
        rollouts.MapPost("/rollouts", BeginAsync)
            .TakesRequest().Answers<RolloutView>(201).Answers<RolloutView>(200).Refuses(400, 409, 413, 503)
            .WithName("BeginRollout").WithSummary("Begins a rollout from a request in YAML or JSON.");
        rollouts.MapPost("/rollouts:validate", ValidateAsync)
            .TakesRequest().Answers<Validated>(200).Refuses(400, 413)
            .WithName("ValidateRollout").WithSummary("Tells all mistakes of a request. Contacts nobody.");
        rollouts.MapPost("/rollouts:preflight", PreflightAsync)
            .TakesRequest().Answers<PreflightView>(200).Refuses(400, 413, 503)
            .WithName("PreflightRollout").WithSummary("Looks at all clusters of a request and tells what would keep the mesh from them. Writes nothing.");
        rollouts.MapPost("/rollouts:plan", PlanAsync)
            .TakesRequest().Answers<PlanView>(200).Refuses(400, 413, 503)
            .WithName("PlanRollout").WithSummary("Reads the world and tells what a request would change, and what would keep it from succeeding. Writes nothing.");
        rollouts.MapGet("/rollouts", ListAsync)
            .Answers<RolloutList>(200).Refuses()
            .WithName("ListRollouts").WithSummary("Lists all rollouts, newest first.");
        rollouts.MapGet("/rollouts/{id}", ReadAsync)
            .Answers<RolloutView>(200).Refuses(400, 404)
            .WithName("ReadRollout").WithSummary("Reads a rollout with its stages, clusters, steps and residue.");
        rollouts.MapPost("/rollouts/{id}/rollback", RollBackAsync)
            .Answers<RolloutView>(202).Refuses(400, 404, 409)
            .WithName("RollBackRollout").WithSummary("Undoes all that a rollout did, last cluster first. Can be repeated.");
        rollouts.MapGet("/rollouts/{id}/events", EventsAsync)
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream").Refuses(400, 404)
            .WithName("FollowRollout").WithSummary("Server-sent events of a rollout until it ends. Goes on after Last-Event-ID.");
        rollouts.MapGet("/schema", () => TypedResults.Text(RequestSchemas.Text, "application/schema+json"))
            .Produces<string>(StatusCodes.Status200OK, "application/schema+json").Refuses()
            .WithName("ReadSchema").WithSummary("The JSON Schema of rollout requests.");
        rollouts.MapControl();
    }

    /// <summary>Answers with a rollout as it stands.</summary>
    public static async Task<Results<JsonHttpResult<RolloutView>, JsonHttpResult<Problem>>> AnswerAsync(
        HttpRequest http, RolloutQueries queries, string id, int status, CancellationToken cancellationToken)
    {
        if (await queries.FindAsync(id, cancellationToken) is not { } rollout)
        {
            return Problems.NoRollout(id);
        }

        http.HttpContext.Response.Headers.Location = $"/v1/rollouts/{rollout.Id}";
        return TypedResults.Json(await queries.ViewAsync(rollout, cancellationToken), ApiJson.Default.RolloutView, statusCode: status);
    }

    private static async Task<Results<JsonHttpResult<RolloutView>, JsonHttpResult<Problem>>> BeginAsync(
        HttpRequest http,
        RolloutStarts starts,
        MemberClusters members,
        RolloutQueries queries,
        [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey,
        CancellationToken cancellationToken)
    {
        if (WrongKey(idempotencyKey) is { } wrong)
        {
            return Problems.Of(StatusCodes.Status400BadRequest, "IDEMPOTENCY_KEY_INVALID", "Nothing was begun.", wrong.Remedy, [wrong]);
        }

        var sent = await members.ResolveAsync(await http.RequestAsync(cancellationToken), cancellationToken);
        if (sent.Value is not { } request)
        {
            return sent.Refusal;
        }

        var started = await starts.InstallAsync(request, idempotencyKey, cancellationToken);
        return started.Kind switch
        {
            StartKind.Busy => Problems.Of(
                StatusCodes.Status409Conflict,
                "ROLLOUT_RUNNING",
                $"'{started.Run}' is under way with another content.",
                "Wait until it has ended, or choose another name."),
            StartKind.KeyReused => Problems.Of(
                StatusCodes.Status409Conflict,
                "IDEMPOTENCY_KEY_REUSED",
                $"This Idempotency-Key stands for {(started.Run.Length == 0 ? "another request" : $"'{started.Run}', which was asked for with another content")}.",
                "Use a new key for a new request."),
            _ => await AnswerAsync(
                http, queries, started.Run, started.Kind is StartKind.Begun ? StatusCodes.Status201Created : StatusCodes.Status200OK, cancellationToken),
        };
    }

    private static Mistake? WrongKey(string? key) =>
        key is null || (key.Length is > 0 and <= 255 && key.All(letter => letter is > ' ' and <= '~' and not ','))
            ? null
            : new Mistake("Idempotency-Key", "WRONG_FORMAT", "is no key", "Send one of 1 to 255 visible ASCII characters without commas and spaces, once; a UUID, say.");

    private static async Task<Results<JsonHttpResult<Validated>, JsonHttpResult<Problem>>> ValidateAsync(
        HttpRequest http, CancellationToken cancellationToken)
    {
        var sent = await http.RequestAsync(cancellationToken);
        return sent.Value is { } request
            ? TypedResults.Json(new Validated(request.Name, request.Clusters.Count), ApiJson.Default.Validated)
            : sent.Refusal;
    }

    private static async Task<Results<JsonHttpResult<PreflightView>, JsonHttpResult<Problem>>> PreflightAsync(
        HttpRequest http, FleetPreflight preflight, MemberClusters members, RolloutQueries queries, CancellationToken cancellationToken)
    {
        var sent = await members.ResolveAsync(await http.RequestAsync(cancellationToken), cancellationToken);
        if (sent.Value is not { } request)
        {
            return sent.Refusal;
        }

        var generation = await queries.NextGenerationAsync(request.Name, cancellationToken);
        return TypedResults.Json(await preflight.RunAsync(request, generation, cancellationToken), ApiJson.Default.PreflightView);
    }

    private static async Task<Results<JsonHttpResult<PlanView>, JsonHttpResult<Problem>>> PlanAsync(
        HttpRequest http, RolloutPlanner planner, MemberClusters members, RolloutQueries queries, CancellationToken cancellationToken)
    {
        var sent = await members.ResolveAsync(await http.RequestAsync(cancellationToken), cancellationToken);
        if (sent.Value is not { } request)
        {
            return sent.Refusal;
        }

        var generation = await queries.NextGenerationAsync(request.Name, cancellationToken);
        return TypedResults.Json(await planner.PlanAsync(request, generation, cancellationToken), ApiJson.Default.PlanView);
    }

    private static async Task<JsonHttpResult<RolloutList>> ListAsync(RolloutQueries queries, CancellationToken cancellationToken) =>
        TypedResults.Json(new RolloutList(await queries.ListAsync(cancellationToken)), ApiJson.Default.RolloutList);

    private static Task<Results<JsonHttpResult<RolloutView>, JsonHttpResult<Problem>>> ReadAsync(
        string id, HttpRequest http, RolloutQueries queries, CancellationToken cancellationToken) =>
        AnswerAsync(http, queries, id, StatusCodes.Status200OK, cancellationToken);

    private static async Task<Results<JsonHttpResult<RolloutView>, JsonHttpResult<Problem>>> RollBackAsync(
        string id, HttpRequest http, RolloutStarts starts, RolloutQueries queries, CancellationToken cancellationToken)
    {
        if (await queries.FindAsync(id, cancellationToken) is not { } rollout)
        {
            return Problems.NoRollout(id);
        }

        return await starts.RollBackAsync(rollout.Id, cancellationToken) is StartKind.Busy
            ? Problems.Of(
                StatusCodes.Status409Conflict,
                "ROLLOUT_RUNNING",
                $"'{rollout.Id}' is still under way.",
                "Wait until it has ended, or cancel it first: what is under way is undone then.")
            : await AnswerAsync(http, queries, rollout.Id, StatusCodes.Status202Accepted, cancellationToken);
    }

    private static async Task<IResult> EventsAsync(
        string id,
        RolloutEvents events,
        RolloutQueries queries,
        [FromHeader(Name = "Last-Event-ID")] string? lastEventId,
        CancellationToken cancellationToken) =>
        await queries.FindAsync(id, cancellationToken) is { } rollout
            ? TypedResults.ServerSentEvents(events.FollowAsync(rollout.Id, lastEventId, cancellationToken))
            : Problems.NoRollout(id);
}
