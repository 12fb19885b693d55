using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Hosting;

namespace MeshWorkflow.Tests.Services;

/// <summary>What somebody with the rights changes in the world, while a rollout is at work or rests.</summary>
internal static class ByHand
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Calls one of Google's APIs.</summary>
    public static Task<JsonNode?> GoogleAsync(this SandboxHost sandbox, HttpMethod method, string path, string? body = null) =>
        SendAsync(sandbox, method, new Uri(sandbox.Addresses.Google, path), "application/json", body);

    /// <summary>Calls the API server of a cluster.</summary>
    public static Task<JsonNode?> ClusterAsync(
        this SandboxHost sandbox, string cluster, HttpMethod method, string path, string? body = null, string type = "application/merge-patch+json")
    {
        var server = sandbox.Addresses.Clusters.Single(found => found.Cluster.EndsWith($"/{cluster}", StringComparison.Ordinal)).Server;
        return SendAsync(sandbox, method, new Uri(server, path), method == HttpMethod.Patch ? type : "application/json", body);
    }

    private static async Task<JsonNode?> SendAsync(SandboxHost sandbox, HttpMethod method, Uri address, string type, string? body)
    {
#pragma warning disable CA5400, CA5399 // A test's own server, on loopback.
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
#pragma warning restore CA5400, CA5399
        using var http = new HttpClient(handler);
        using var request = new HttpRequestMessage(method, address);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, type);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", sandbox.TokenFor("user:owner@example.com"));
        using var response = await http.SendAsync(request, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.IsSuccessStatusCode, $"{method} {address}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }
}
