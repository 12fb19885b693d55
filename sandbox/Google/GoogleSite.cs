using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Google;

/// <summary>All of Google's APIs at one address: each below its short name, or at a host of that name.</summary>
internal sealed class GoogleSite(IEnumerable<IGoogleApi> apis, TokenEndpoint tokenEndpoint) : IApiSite
{
    private readonly Dictionary<string, IGoogleApi> _apis = apis.ToDictionary(api => api.Name, StringComparer.Ordinal);

    public ApiCall Route(ApiRequest request)
    {
        if (request.Path == TokenEndpoint.Path)
        {
            return tokenEndpoint.Route(request);
        }

        var host = request.Host.Split('.');
        var (name, path) = host.Length > 1 && _apis.ContainsKey(host[0]) && host[^1] == "localhost"
            ? (host[0], request.Path[1..])
            : Split(request.Path);
        if (!_apis.TryGetValue(name, out var api))
        {
            return Unknown(name, request);
        }

        foreach (var route in api.Routes)
        {
            if (route.Matches(request.Method, path) is { Success: true } match)
            {
                return CallOf(api, route, match, request);
            }
        }

        return Unknown(name, request);
    }

    public Answer Unauthenticated() => GoogleErrors.Unauthenticated();

    public Answer Faulty(FaultSpec fault, ApiCall call)
    {
        var details = fault.Reason is { } reason ? [GoogleErrors.ErrorInfo(reason, "googleapis.com")] : Array.Empty<JsonObject>();
        return GoogleErrors.Of(fault.Status, fault.Code, fault.Message, details) with { RetryAfter = fault.RetryAfterSeconds };
    }

    private static (string Api, string Path) Split(string path) =>
        path.IndexOf('/', 1) is var slash and > 0 ? (path[1..slash], path[(slash + 1)..]) : (path.TrimStart('/'), "");

    private static ApiCall CallOf(IGoogleApi api, GoogleRoute route, System.Text.RegularExpressions.Match match, ApiRequest request)
    {
        JsonNode? body = null;
        GoogleFailure? failure = null;
        try
        {
            body = request.Json();
        }
        catch (JsonException exception)
        {
            failure = new GoogleFailure(GoogleErrors.Of("INVALID_ARGUMENT", $"Invalid JSON payload received. {exception.Message}"));
        }

        return new ApiCall
        {
            Api = api.Name,
            Method = route.Method,
            Resource = route.Resource(match, request),
            Body = body,
            Handle = call =>
            {
                try
                {
                    if (failure is not null)
                    {
                        throw failure;
                    }

                    route.Check(request);
                    var read = route.Body is null ? Shape.Empty.Read(body, "request") : route.Body.Read(body, "request");
                    return route.Handle(new GoogleRequest(call, request, match, read));
                }
                catch (GoogleFailure refused)
                {
                    return refused.Answer;
                }
            },
        };
    }

    private static ApiCall Unknown(string api, ApiRequest request) => new()
    {
        Api = api,
        Method = ApiMethods.Open,
        Handle = _ => new Answer(404) { Text = $"The requested URL {request.Path} was not found on this server." },
    };
}

/// <summary>One of Google's APIs.</summary>
internal interface IGoogleApi
{
    /// <summary>Its short name.</summary>
    string Name { get; }

    /// <summary>Its methods.</summary>
    IReadOnlyList<GoogleRoute> Routes { get; }
}
