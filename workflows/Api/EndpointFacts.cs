using Microsoft.OpenApi;

namespace MeshWorkflow.Workflows.Api;

/// <summary>What the OpenAPI document says of an endpoint.</summary>
internal static class EndpointFacts
{
    // Said only here: a client that names no type, or another one, is understood all the same.
    public static RouteHandlerBuilder TakesRequest(this RouteHandlerBuilder endpoint) => endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Description = "A rollout request, see docs/rollouts.md.",
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/yaml"] = new OpenApiMediaType(),
                ["application/json"] = new OpenApiMediaType(),
            },
        };
        return Task.CompletedTask;
    });

    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder endpoint, int status) =>
        endpoint.Produces<T>(status, "application/json");

    /// <summary>How it refuses; without a valid token in any case.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params IEnumerable<int> statuses)
    {
        foreach (var status in statuses.Append(StatusCodes.Status401Unauthorized))
        {
            endpoint.Produces<Problem>(status, "application/problem+json");
        }

        return endpoint;
    }
}
