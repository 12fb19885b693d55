using MeshWorkflow.Sidecar.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MeshWorkflow.Sidecar.Hosting;

/// <summary>The HTTP API's health, as daprd has it: 204 when well. When not, the answer says which part isn't.</summary>
internal static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder routes, Database database)
    {
        routes.MapGet("/v1.0/healthz", () => Answer(database.Trouble));
        routes.MapGet("/v1.0/healthz/outbound", () => Answer(database.Trouble));
    }

    private static IResult Answer(string? trouble) => trouble is null
        ? Results.NoContent()
        : Results.Json(
            new ErrorAnswer("ERR_HEALTH_NOT_READY", $"The state file can't be written: {trouble}"),
            ErrorJson.Default.ErrorAnswer,
            statusCode: StatusCodes.Status500InternalServerError);
}
