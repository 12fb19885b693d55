using System.Text.RegularExpressions;
using MeshWorkflow.Sandbox.Google.Schemas;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Google;

/// <summary>One method of one of Google's APIs.</summary>
internal sealed partial class GoogleRoute
{
    private static readonly string[] SystemParameters =
    [
        "alt", "$alt", "fields", "$fields", "key", "$key", "prettyPrint", "$prettyPrint", "quotaUser", "$userProject", "userProject", "$.xgafv", "$httpHeaders",
        "callback", "$callback", "access_token", "oauth_token", "upload_protocol", "uploadType", "trace", "$trace",
    ];

    private readonly Regex _path;
    private readonly HashSet<string> _parameters;

    /// <param name="method">Such as <c>memberships.create</c>.</param>
    /// <param name="http">The HTTP method.</param>
    /// <param name="path">Such as <c>v1/projects/{project}/locations/{location}/memberships</c>.</param>
    /// <param name="handle">Carries it out.</param>
    /// <param name="body">What its body may hold; null: it has none.</param>
    /// <param name="parameters">Its query parameters.</param>
    public GoogleRoute(string method, string http, string path, Func<GoogleRequest, Answer> handle, Schema? body = null, params string[] parameters)
    {
        Method = method;
        Http = http;
        Handle = handle;
        Body = body ?? Schema.Empty;
        _path = new Regex($"^{Variable().Replace(path, "(?<$1>[^/:]+)").Replace(".", "\\.", StringComparison.Ordinal)}\\z", RegexOptions.CultureInvariant);
        _parameters = [.. parameters, .. SystemParameters];
    }

    public string Method { get; }

    public string Http { get; }

    public Schema Body { get; }

    public Func<GoogleRequest, Answer> Handle { get; }

    /// <summary>The permission that it needs on the resource that its path names; null: none, or it sees to that itself.</summary>
    public string? Permission { get; init; }

    /// <summary>The query parameter that has the id of what it creates.</summary>
    public string? IdParameter { get; init; }

    /// <summary>Whether it is for everybody, without a token.</summary>
    public bool IsPublic { get; init; }

    public Match Matches(string http, string path) => http == Http ? _path.Match(path) : Match.Empty;

    /// <summary>The parameters of a query that this method doesn't know.</summary>
    public IEnumerable<string> Unknown(ApiRequest request) =>
        request.Query.Keys.Where(name => !_parameters.Contains(name) && !_parameters.Contains(FieldNames.Camel(name)));

    [GeneratedRegex("\\{([a-zA-Z]+)\\}")]
    private static partial Regex Variable();
}
