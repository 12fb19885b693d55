using Microsoft.OpenApi;

namespace MeshWorkflow.Workflows.Api;

/// <summary>What the OpenAPI document says of an endpoint.</summary>
internal static class EndpointFacts
{
    // Said only here: a client that names no type, or another one, is understood all the same.
    public static RouteHandlerBuilder TakesRequest(this RouteHandlerBuilder endpoint) => endpoint.AddOpenApiOperationTransformer((operation, context, _) =>
    {
        var schema = RequestSchemas.Of(context.Document);
        operation.RequestBody = new OpenApiRequestBody
        {
            Description = "A rollout request, see docs/rollouts.md.",
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/yaml"] = new OpenApiMediaType { Schema = schema },
                ["application/json"] = new OpenApiMediaType { Schema = schema },
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
