namespace MeshWorkflow.Workflows.Api;

/// <summary>What the OpenAPI document says of an endpoint.</summary>
internal static class EndpointFacts
{
    private static readonly string[] Texts = ["application/yaml", "application/json"];

    public static RouteHandlerBuilder TakesRequest(this RouteHandlerBuilder endpoint) =>
        endpoint.Accepts<string>(Texts[0], Texts[1]);

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
