using MeshWorkflow.Sidecar.Workflows;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MeshWorkflow.Sidecar.Hosting;

/// <summary>The HTTP API's health, as daprd has it: 204 when well.</summary>
internal static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder routes, WorkflowEngine engine)
    {
        routes.MapGet("/v1.0/healthz", (HttpContext context) => Answer(context.App().AppAddress is not null || IsWorkerConnected(context, engine)));
        routes.MapGet("/v1.0/healthz/outbound", () => Answer(isWell: true));
    }

    private static bool IsWorkerConnected(HttpContext context, WorkflowEngine engine) =>
        engine.Runtime.Hubs[context.App().App.Id].ConnectedWorkers > 0;

    private static IResult Answer(bool isWell) =>
        isWell ? Results.NoContent() : Results.StatusCode(StatusCodes.Status500InternalServerError);
}
