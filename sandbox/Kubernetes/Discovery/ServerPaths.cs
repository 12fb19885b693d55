using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.OpenApi;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Kubernetes.Discovery;

/// <summary>What an API server says of itself: what it has, its version, its health.</summary>
internal sealed class ServerPaths(ClusterState cluster)
{
    private static readonly Answer Missing = new(404) { Text = "404 page not found\n" };

    private readonly OpenApiPaths _openApi = new(cluster.Catalog);

    public Answer Answer(ApiRequest request)
    {
        var path = request.Path.TrimEnd('/');
        if (path is "/api" or "/apis" && AggregatedDiscovery.VersionFor(request.Accept) is { } version)
        {
            var all = path == "/api" ? AggregatedDiscovery.Core(cluster.Catalog, version) : AggregatedDiscovery.Groups(cluster.Catalog, version);
            return new Answer(200, all) { ContentType = AggregatedDiscovery.ContentType(version) };
        }

        return path switch
        {
            "/version" => new Answer(200, ServerVersion.Show(cluster.World.Version)),
            "/healthz" or "/livez" or "/readyz" or "/healthz/ping" => new Answer(200) { Text = "ok" },
            "/.well-known/openid-configuration" => new Answer(200, ServiceAccountIssuer.Configuration(cluster.World.Issuer)),
            "/openid/v1/jwks" => new Answer(200, ServiceAccountIssuer.Keys(cluster.World.Issuer)),
            "/api" => new Answer(200, OldDiscovery.Core(request.Host)),
            "/apis" => new Answer(200, OldDiscovery.Groups(cluster.Catalog)),
            "" => new Answer(200, new JsonObject { ["paths"] = new JsonArray([.. Paths().Select(item => (JsonNode)item)]) }),
            _ when path.StartsWith("/openapi/v", StringComparison.Ordinal) && path.Length >= "/openapi/v2".Length =>
                _openApi.Answer(request) ?? Missing,
            _ => Group(path),
        };
    }

    private Answer Group(string path)
    {
        var found = path.Split('/') switch
        {
            ["", "apis", var group] => OldDiscovery.Group(cluster.Catalog, group),
            ["", "api", var version] => OldDiscovery.Resources(cluster.Catalog, "", version),
            ["", "apis", var group, var version] => OldDiscovery.Resources(cluster.Catalog, group, version),
            _ => null,
        };
        return found is null ? Missing : new Answer(200, found);
    }

    private IEnumerable<string> Paths() =>
    [
        "/api", "/api/v1", "/apis",
        .. cluster.Catalog.Groups().SelectMany(group => group.Versions.Select(version => $"/apis/{group.Group}/{version}").Prepend($"/apis/{group.Group}")),
        "/.well-known/openid-configuration", "/healthz", "/livez", "/openapi/v2", "/openapi/v3", "/openid/v1/jwks", "/readyz", "/version",
    ];
}
