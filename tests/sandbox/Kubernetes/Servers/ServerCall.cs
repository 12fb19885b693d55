using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes.Servers;

/// <summary>A call of an API server and what it is answered with.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path: absolute, or within the story's namespace (<c>configmaps/a</c>, <c>apps/v1:deployments</c>).</param>
/// <param name="Body">What is sent; null: nothing.</param>
/// <param name="Type">What the body is.</param>
internal sealed record ServerCall(string Method, string Path, string? Body = null, string Type = "application/json")
{
    /// <summary>Where a story's own namespace stands in paths and bodies.</summary>
    private const string Here = "{ns}";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public int Status { get; private init; } = 200;

    public string Reason { get; private init; } = "";

    public string? Accept { get; private init; }

    /// <summary>The fields that are named as causes, in any order.</summary>
    public IReadOnlyList<string> Fields { get; private init; } = [];

    /// <summary>Values in the answer by their places; null: there is nothing.</summary>
    public IReadOnlyList<(string Place, string? Value)> Shown { get; private init; } = [];

    /// <summary>The first minor version whose server answers so; 0: all that we know.</summary>
    public int Since { get; private init; }

    /// <summary>Whether to ask again for a while until the answer is right.</summary>
    public bool IsAwaited { get; private init; }

    public static ServerCall Get(string path) => new("GET", path);

    public static ServerCall Post(string path, string body) => new("POST", path, body) { Status = 201 };

    public static ServerCall Put(string path, string body) => new("PUT", path, body);

    public static ServerCall Merge(string path, string body) => new("PATCH", path, body, "application/merge-patch+json");

    public static ServerCall Strategic(string path, string body) => new("PATCH", path, body, "application/strategic-merge-patch+json");

    public static ServerCall JsonPatch(string path, string body) => new("PATCH", path, body, "application/json-patch+json");

    public static ServerCall Apply(string path, string body) => new("PATCH", path, body, "application/apply-patch+yaml");

    public static ServerCall Delete(string path, string? body = null) => new("DELETE", path, body);

    public ServerCall Gives(int status) => this with { Status = status };

    public ServerCall Refused(int status, string reason, params string[] fields) => this with { Status = status, Reason = reason, Fields = fields };

    public ServerCall Shows(string place, string? value) => this with { Shown = [.. Shown, (place, value)] };

    public ServerCall Of(string type) => this with { Type = type };

    public ServerCall Accepting(string accept) => this with { Accept = accept };

    public ServerCall Awaited() => this with { IsAwaited = true };

    public ServerCall From(int minor) => this with { Since = minor };

    public HttpRequestMessage Request(string ns)
    {
        var request = new HttpRequestMessage(new HttpMethod(Method), FullPath(ns));
        if (Body is not null)
        {
            request.Content = new StringContent(Body.Replace(Here, ns, StringComparison.Ordinal), Encoding.UTF8, MediaTypeHeaderValue.Parse(Type));
        }

        request.Headers.TryAddWithoutValidation("Accept", Accept ?? "application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", "story/1");
        return request;
    }

    public async Task<ServerAnswer> SendAsync(HttpClient http, string ns)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            using var request = Request(ns);
            using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
            var answer = ServerAnswer.Read((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            if (!IsAwaited || WrongIn(answer) is null || TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                return answer;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>What of an answer is not as it is said here; null: all is.</summary>
    public string? WrongIn(ServerAnswer answer)
    {
        if (answer.Status != Status || (Status >= 300 && answer.Reason != Reason))
        {
            return $"{Status} {Reason} is expected";
        }

        if (Status >= 300 && !answer.Fields.SequenceEqual(Fields.Distinct().Order(StringComparer.Ordinal)))
        {
            return $"the causes {string.Join(", ", Fields)} are expected";
        }

        return Shown.Where(shown => answer.At(shown.Place) != shown.Value)
            .Select(shown => $"{shown.Place} is expected to be {shown.Value ?? "absent"} and is {answer.At(shown.Place) ?? "absent"}").FirstOrDefault();
    }

    public override string ToString() => $"{Method} {Path} {Body}";

    private string FullPath(string ns)
    {
        var path = Path.Replace(Here, ns, StringComparison.Ordinal);
        if (path.StartsWith('/'))
        {
            return path;
        }

        return path.Split(':', 2) is [var version, var rest] && version.Contains('/', StringComparison.Ordinal)
            ? $"/apis/{version}/namespaces/{ns}/{rest}"
            : $"/api/v1/namespaces/{ns}/{path}";
    }
}

/// <summary>What a server answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body; null: it isn't JSON.</param>
internal sealed record ServerAnswer(int Status, JsonNode? Body)
{
    public string Reason => At("reason") ?? "";

    public IReadOnlyList<string> Fields => Status < 300
        ? []
        : [.. (Body?["details"]?["causes"] as JsonArray ?? []).Select(cause => cause?["field"]?.ToString()).OfType<string>()
            .Distinct().Order(StringComparer.Ordinal)];

    public static ServerAnswer Read(int status, string text)
    {
        try
        {
            return new ServerAnswer(status, JsonNode.Parse(text));
        }
        catch (JsonException)
        {
            return new ServerAnswer(status, null);
        }
    }

    /// <summary>A value: texts as they are, all else as JSON; null: there is none.</summary>
    /// <param name="place">Its place, such as <c>spec|ports|0|port</c>.</param>
    public string? At(string place)
    {
        var node = Body;
        foreach (var part in place.Split('|'))
        {
            node = node switch
            {
                JsonObject map => map[part],
                JsonArray list when int.TryParse(part, out var index) && index < list.Count => list[index],
                _ => null,
            };
        }

        return node is null ? null : node.GetValueKind() is JsonValueKind.String ? node.GetValue<string>() : node.ToJsonString();
    }
}
