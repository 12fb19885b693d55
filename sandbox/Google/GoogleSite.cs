using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshWorkflow.Sandbox.Google.Access;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Google;

/// <summary>All of Google's APIs at one address: each below its short name, or at a host of that name.</summary>
internal sealed class GoogleSite(IEnumerable<IGoogleApi> apis, GoogleChecks checks, IReadOnlyList<IOpenSite> others) : IApiSite
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly Dictionary<string, IGoogleApi> _apis = apis.ToDictionary(api => api.Name, StringComparer.Ordinal);

    public ApiCall Route(ApiRequest request)
    {
        var (name, path) = Split(request);
        foreach (var other in others)
        {
            if (other.Route(name, path, request) is { } call)
            {
                return call;
            }
        }

        if (!_apis.TryGetValue(name, out var api))
        {
            return Unknown(name, request);
        }

        foreach (var route in api.Routes)
        {
            if (route.Matches(request.Method, path) is { Success: true } match)
            {
                return CallOf(api, route, match, path, request);
            }
        }

        return Unknown(name, request);
    }

    /// <summary>The methods of an API; null: there is no such API.</summary>
    public IReadOnlyList<string>? MethodsOf(string api) => _apis.TryGetValue(api, out var known) ? [.. known.Routes.Select(route => route.Method)] : null;

    /// <summary>The short names of all APIs.</summary>
    public IReadOnlyCollection<string> Apis => _apis.Keys;

    public Answer Unauthenticated() => GoogleErrors.Unauthenticated();

    public Answer TokenExpired() => GoogleErrors.Unauthenticated("ACCESS_TOKEN_EXPIRED");

    public Answer Faulty(FaultSpec fault, ApiCall call)
    {
        if (fault.Reason == "SECURITY_POLICY_VIOLATED")
        {
            return InWordsOf(call, GoogleErrors.KeptOut(call.Api, ProjectOf(call) ?? "", Perimeters.NewIdentifier()));
        }

        var details = new List<JsonObject>();
        if (fault.Reason is { } reason)
        {
            details.Add(GoogleErrors.ErrorInfo(reason, "googleapis.com", MetadataOf(reason, call)));
        }

        if (fault.RetryAfterSeconds is { } seconds)
        {
            details.Add(GoogleErrors.RetryInfo(seconds));
        }

        var refusal = GoogleErrors.Of(fault.Status, fault.Code, fault.Message, [.. details]) with { RetryAfter = fault.RetryAfterSeconds };
        return InWordsOf(call, refusal);
    }

    private Answer InWordsOf(ApiCall call, Answer refusal) => _apis.TryGetValue(call.Api, out var api) ? api.InOwnWords(refusal, call) : refusal;

    private static string? ProjectOf(ApiCall call) =>
        call.Consumer.Length > 0 ? call.Consumer : call.Resource.Split('/') is [_, _, _, "projects", var project, ..] ? project : null;

    private static JsonObject MetadataOf(string reason, ApiCall call)
    {
        var service = $"{call.Api}.googleapis.com";
        var metadata = new JsonObject { ["service"] = service };
        if (ProjectOf(call) is { } project)
        {
            metadata["consumer"] = $"projects/{project}";
        }

        if (reason == "RATE_LIMIT_EXCEEDED")
        {
            metadata["quota_metric"] = $"{service}/requests";
            metadata["quota_limit"] = "RequestsPerMinutePerProject";
            metadata["quota_location"] = "global";
            metadata["quota_limit_value"] = "60";
        }

        return metadata;
    }

    // http://host/gkehub/v1/…, or http://gkehub.localhost/v1/…. Connect Gateway has a name per region too.
    private static (string Api, string Path) Split(ApiRequest request)
    {
        var (name, path) = SplitNames(request);
        return (name.EndsWith("-connectgateway", StringComparison.Ordinal) ? "connectgateway" : name, path);
    }

    private static (string Api, string Path) SplitNames(ApiRequest request)
    {
        var host = request.Host.Split('.');
        if (host.Length > 1 && host[^1] == "localhost")
        {
            return (host[0], request.Path[1..]);
        }

        return request.Path.IndexOf('/', 1) is var slash and > 0
            ? (request.Path[1..slash], request.Path[(slash + 1)..])
            : (request.Path.TrimStart('/'), "");
    }

    private ApiCall CallOf(IGoogleApi api, GoogleRoute route, Match match, string path, ApiRequest request)
    {
        var (body, problem) = BodyOf(request);
        var name = checks.NameOf(path);
        return new ApiCall
        {
            Api = api.Name,
            Method = route.IsPublic ? ApiMethods.Open : route.Method,
            Resource = ResourceOf(api, route, name, body, request),
            Body = body,
            Signer = api.SignerOf(route.Method, name, request),
            Handle = call =>
            {
                try
                {
                    var answer = route.Handle(checks.Check(api, route, match, name, body, problem, request, call));
                    return answer.Status < 400 ? answer : api.InOwnWords(answer, call);
                }
                catch (GoogleFailure refused)
                {
                    return api.InOwnWords(refused.Answer, call);
                }
            },
        };
    }

    private static (JsonNode? Body, string? Problem) BodyOf(ApiRequest request)
    {
        try
        {
            return (string.IsNullOrWhiteSpace(request.Content) ? null : JsonNode.Parse(request.Content, documentOptions: Strict), null);
        }
        catch (JsonException exception)
        {
            return (null, exception.Message);
        }
    }

    private static string ResourceOf(IGoogleApi api, GoogleRoute route, string name, JsonNode? body, ApiRequest request)
    {
        var id = route.IdParameter is not { } parameter
            ? null
            : parameter.StartsWith("body.", StringComparison.Ordinal)
                ? (body as JsonObject)?[parameter["body.".Length..]]?.ToString()
                : request.QueryValue(parameter);
        return $"//{api.Name}.googleapis.com/{name}{(string.IsNullOrEmpty(id) ? "" : $"/{id}")}";
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

    /// <summary>Whether its calls are served although it isn't enabled.</summary>
    bool IsAlwaysOn => false;

    /// <summary>How it refuses who lacks a permission.</summary>
    Answer Denied(GoogleRequest request, string permission) => GoogleErrors.Denied(permission, request.Name, Name);

    /// <summary>How it refuses who names a project that isn't there.</summary>
    Answer NoProject(string project) => GoogleErrors.NoConsumer(Name, project);

    /// <summary>The certificate authority that a call has sign, and its tier; empty: none.</summary>
    (string Authority, string Tier) SignerOf(string method, string name, ApiRequest request) => ("", "");

    /// <summary>A refusal in the form that this API has.</summary>
    Answer InOwnWords(Answer refusal, ApiCall call) => refusal;
}

/// <summary>Something at the same address that is not one of Google's usual APIs: it looks at tokens itself, or hands calls on.</summary>
internal interface IOpenSite
{
    /// <summary>Finds out what is called; null: nothing of this.</summary>
    /// <param name="api">The short name of the API.</param>
    /// <param name="path">The path below it.</param>
    /// <param name="request">What came in.</param>
    ApiCall? Route(string api, string path, ApiRequest request);
}
