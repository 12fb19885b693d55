using System.Text.RegularExpressions;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Google;

/// <summary>One method of one of Google's APIs.</summary>
internal sealed class GoogleRoute
{
    private static readonly string[] SystemParameters =
        ["alt", "$alt", "fields", "$fields", "key", "$key", "prettyPrint", "$prettyPrint", "quotaUser", "$userProject", "$.xgafv", "callback", "access_token"];

    private readonly Regex _path;
    private readonly HashSet<string> _parameters;

    /// <param name="method">Such as <c>memberships.create</c>.</param>
    /// <param name="http">The HTTP method.</param>
    /// <param name="path">Such as <c>v1/projects/{project}/locations/{location}/memberships</c>.</param>
    /// <param name="handle">Carries it out.</param>
    /// <param name="body">What its body may hold; null: it has none.</param>
    /// <param name="parameters">Its query parameters.</param>
    public GoogleRoute(string method, string http, string path, Func<GoogleRequest, Answer> handle, Shape? body = null, params string[] parameters)
    {
        Method = method;
        Http = http;
        Handle = handle;
        Body = body;
        _path = new Regex($"^{Regex.Replace(path, "\\{([a-zA-Z]+)\\}", "(?<$1>[^/]+?)")}\\z", RegexOptions.CultureInvariant);
        _parameters = [.. parameters, .. SystemParameters];
    }

    public string Method { get; }

    public string Http { get; }

    public Shape? Body { get; }

    public Func<GoogleRequest, Answer> Handle { get; }

    /// <summary>What the resource of a call is called, for journal, faults and holds.</summary>
    public Func<Match, ApiRequest, string> Resource { get; init; } = (_, _) => "";

    public Match Matches(string http, string path) => http == Http ? _path.Match(path) : Match.Empty;

    /// <exception cref="GoogleFailure">The query has a parameter that there isn't.</exception>
    public void Check(ApiRequest request)
    {
        foreach (var name in request.Query.Keys.Where(name => !_parameters.Contains(Shape.Camel(name))))
        {
            var description = $"Invalid JSON payload received. Unknown name \"{name}\": Cannot bind query parameter. Field '{name}' could not be found in request message.";
            throw new GoogleFailure(GoogleErrors.Of("INVALID_ARGUMENT", description, GoogleErrors.BadField("", description)));
        }
    }
}
