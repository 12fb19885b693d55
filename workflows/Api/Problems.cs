using Microsoft.AspNetCore.Http.HttpResults;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Workflows.Api;

/// <summary>A refusal over HTTP (RFC 9457), with the same reasons as everywhere else.</summary>
/// <param name="Type">What kind: a link to its explanation.</param>
/// <param name="Title">The reason, UPPER_SNAKE_CASE.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What and why.</param>
/// <param name="Remedy">What to do about it.</param>
/// <param name="Mistakes">All mistakes of a request, each with its path.</param>
internal sealed record Problem(
    string Type, string Title, int Status, string Detail, string? Remedy = null, IReadOnlyList<Mistake>? Mistakes = null);

/// <summary>Makes refusals.</summary>
internal static class Problems
{
    private const string ContentType = "application/problem+json";

    public static JsonHttpResult<Problem> Of(
        int status, string reason, string detail, string? remedy = null, IReadOnlyList<Mistake>? mistakes = null) =>
        TypedResults.Json(
            new Problem($"urn:meshworkflow:problem:{reason}", reason, status, detail, remedy, mistakes), ApiJson.Default.Problem, ContentType, status);

    public static JsonHttpResult<Problem> Mistaken(IReadOnlyList<Mistake> mistakes) => Of(
        StatusCodes.Status400BadRequest,
        "REQUEST_INVALID",
        mistakes.Count == 1 ? "The request has a mistake; nothing was begun." : $"The request has {mistakes.Count} mistakes; nothing was begun.",
        mistakes: mistakes);

    /// <summary>A call that is refused for something beside its body.</summary>
    public static JsonHttpResult<Problem> Invalid(Mistake mistake) => Of(
        StatusCodes.Status400BadRequest, "CALL_INVALID", "The call has a mistake; nothing was done.", mistake.Remedy, [mistake]);

    public static JsonHttpResult<Problem> TooLarge() => Of(
        StatusCodes.Status413PayloadTooLarge,
        "REQUEST_TOO_LARGE",
        $"The request is larger than {RequestText.MaxSize / 1024} KiB.",
        "Split it into several rollouts.");

    public static JsonHttpResult<Problem> NoRollout(string id) => Of(
        StatusCodes.Status404NotFound, "ROLLOUT_UNKNOWN", $"There is no rollout '{id}'.", "List them: GET /v1/rollouts.");
}
