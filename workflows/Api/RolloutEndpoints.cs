using System.Text;
using MeshWorkflow.Workflows.Requests;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MeshWorkflow.Workflows.Api;

/// <summary>The REST API of rollouts.</summary>
internal static class RolloutEndpoints
{
    public static void MapRollouts(this WebApplication app)
    {
        var rollouts = app.MapGroup("/v1/rollouts").WithTags("Rollouts").AddEndpointFilter<BearerCheck>();
        rollouts.MapPost("", BeginAsync).WithName("BeginRollout").WithSummary("Begins a rollout from a request in YAML or JSON.");
        rollouts.MapGet("", ListAsync).WithName("ListRollouts").WithSummary("Lists all rollouts, newest first.");
        rollouts.MapGet("{id}", ReadAsync).WithName("ReadRollout").WithSummary("Reads a rollout with its clusters, steps and residue.");
        rollouts.MapPost("{id}/rollback", RollBackAsync).WithName("RollBackRollout").WithSummary("Undoes all that a rollout did, last cluster first.");
    }

    private static async Task<Results<JsonHttpResult<RolloutView>, JsonHttpResult<Problem>>> BeginAsync(
        HttpRequest http,
        RolloutStarts starts,
        RolloutQueries queries,
        [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey,
        CancellationToken cancellationToken)
    {
        if (await TextAsync(http, cancellationToken) is not { } text)
        {
            return Problems.Of(
                StatusCodes.Status413PayloadTooLarge,
                "REQUEST_TOO_LARGE",
                $"The request is larger than {RequestText.MaxSize / 1024} KiB.",
                "Split it into several rollouts.");
        }

        if (!RequestParser.TryParse(text, out var request, out var mistakes))
        {
            return Problems.Mistaken(mistakes);
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
                $"This Idempotency-Key stands for '{started.Run}', which was asked for with another content.",
                "Use a new key for a new request."),
            _ => await AnswerAsync(
                http, queries, started.Run, started.Kind is StartKind.Begun ? StatusCodes.Status201Created : StatusCodes.Status200OK, cancellationToken),
        };
    }

    private static async Task<JsonHttpResult<RolloutList>> ListAsync(RolloutQueries queries, CancellationToken cancellationToken) =>
        TypedResults.Json(new RolloutList(await queries.ListAsync(cancellationToken)), ApiJson.Default.RolloutList);

    private static async Task<Results<JsonHttpResult<RolloutView>, JsonHttpResult<Problem>>> ReadAsync(
        string id, HttpRequest http, RolloutQueries queries, CancellationToken cancellationToken) =>
        await AnswerAsync(http, queries, id, StatusCodes.Status200OK, cancellationToken);

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
                "Wait until it has ended; what fails is undone by itself.")
            : await AnswerAsync(http, queries, rollout.Id, StatusCodes.Status202Accepted, cancellationToken);
    }

    private static async Task<Results<JsonHttpResult<RolloutView>, JsonHttpResult<Problem>>> AnswerAsync(
        HttpRequest http, RolloutQueries queries, string id, int status, CancellationToken cancellationToken)
    {
        if (await queries.FindAsync(id, cancellationToken) is not { } rollout)
        {
            return Problems.NoRollout(id);
        }

        http.HttpContext.Response.Headers.Location = $"/v1/rollouts/{rollout.Id}";
        return TypedResults.Json(await queries.ViewAsync(rollout, cancellationToken), ApiJson.Default.RolloutView, statusCode: status);
    }

    // Null: it is too large.
    private static async Task<string?> TextAsync(HttpRequest http, CancellationToken cancellationToken)
    {
        var buffer = new byte[RequestText.MaxSize + 1];
        var length = await http.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length > RequestText.MaxSize ? null : Encoding.UTF8.GetString(buffer, 0, length);
    }
}
