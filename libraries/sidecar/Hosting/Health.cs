using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MeshWorkflow.Sidecar.Hosting;

/// <summary>
/// The HTTP API's health, as daprd has it: 204 when work is accepted, else 500 with the reason. Beyond daprd it says how every part
/// is.
/// </summary>
internal static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder routes, SidecarHealth health)
    {
        routes.MapGet("/v1.0/healthz", () => Answer(health.Trouble));
        routes.MapGet("/v1.0/healthz/outbound", () => Answer(health.Trouble));
        routes.MapGet("/v1.0/healthz/parts", () => Results.Json(
            new HealthAnswer(health.Parts.All(part => part.IsWell), health.Parts),
            HealthJson.Default.HealthAnswer,
            statusCode: health.Trouble is null ? StatusCodes.Status200OK : StatusCodes.Status500InternalServerError));
    }

    private static IResult Answer(string? trouble) => trouble is null
        ? Results.NoContent()
        : Results.Json(
            new ErrorAnswer("ERR_HEALTH_NOT_READY", $"The state file can't be written: {trouble}"),
            ErrorJson.Default.ErrorAnswer,
            statusCode: StatusCodes.Status500InternalServerError);
}

/// <summary>Whether all is well, and every part.</summary>
internal sealed record HealthAnswer(bool IsWell, IReadOnlyList<PartHealth> Parts);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HealthAnswer))]
internal sealed partial class HealthJson : JsonSerializerContext;
