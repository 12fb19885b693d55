using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Admin;
using MeshWorkflow.Sandbox.Hosting;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Sandbox.FaultPlans;

/// <summary>A sandbox with the demo's world, and plain HTTP to all of it: a new connection for each call, so that none is repeated.</summary>
internal sealed class FaultsUnderTest : IAsyncDisposable
{
    private const string Owner = "user:owner@example.com";
    private const string MeshA = "container/v1/projects/demo-apps/locations/us-central1/clusters/mesh-a";
    private const string Gateway = "connectgateway/v1/projects/210987654321/locations/us-central1/gkeMemberships/mesh-a/";
    private readonly HttpClient _http;

    private FaultsUnderTest(SandboxHost host, string folder)
    {
        (Host, Folder) = (host, folder);
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is X509Certificate2;
        _http = new HttpClient(handler);
    }

    public SandboxHost Host { get; }

    public string Folder { get; }

    private static World WithAMember => World.Demo with
    {
        Projects =
        [
            World.Demo.Projects[0] with { Services = [.. World.Demo.Projects[0].Services, "meshconfig"] },
            World.Demo.Projects[1] with
            {
                Services = [.. World.Demo.Projects[1].Services, "privateca"],
                CaPools =
                [
                    new WorldCaPool("us-central1", "quick") { Authorities = [.. Enumerable.Range(1, 5).Select(number => new WorldAuthority($"sub-{number}"))] },
                    new WorldCaPool("us-central1", "kept") { Tier = "ENTERPRISE", Authorities = [new WorldAuthority("sub-1")] },
                ],
            },
        ],
        Clusters = [World.Demo.Clusters[0] with { Membership = new WorldMembership("demo-fleet", "mesh-a", "us-central1") }, World.Demo.Clusters[1]],
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="time">The sandbox's clock; null: the system's.</param>
    public static async Task<FaultsUnderTest> StartAsync(TimeProvider? time = null)
    {
        var folder = Directory.CreateTempSubdirectory("faults-").FullName;
        var options = new SandboxOptions
        {
            Folder = folder,
            World = WithAMember,
            OperationTime = TimeSpan.FromMilliseconds(5),
            PodStartTime = TimeSpan.FromMilliseconds(5),
            RetryTime = TimeSpan.FromMilliseconds(10),
            Time = time ?? TimeProvider.System,
        };
        return new FaultsUnderTest(await SandboxHost.StartAsync(options, Token), folder);
    }

    /// <summary>Puts faults on order as anybody does: as YAML, over the admin endpoint.</summary>
    public Task OrderAsync(string faults, int seed = 1) => OrderAllAsync($"seed: {seed}\nfaults:\n{faults}");

    public async Task OrderAllAsync(string plan)
    {
        using var admin = SandboxAdmin.Of(Folder);
        await admin.OrderAsync(plan, Token);
    }

    public async Task<bool> ReleaseAsync(string name, HoldAction action)
    {
        using var admin = SandboxAdmin.Of(Folder);
        return await admin.ReleaseAsync(name, action, Token);
    }

    public Task<Reply> GetAsync(string path) => SendAsync("GET", path);

    public Task<Reply> SendAsync(string method, string path, string? body = null, string? token = null) =>
        SendAsync(method, new Uri(Host.Addresses.Google, path), body, token);

    public Task<Reply> KubeAsync(string method, string path, string? body = null) => SendAsync(method, new Uri(Server, path), body);

    public Task<Reply> GatewayAsync(string path) => GetAsync($"{Gateway}{path}");

    public Task<StreamReader> WatchAsync(string path) => WatchAsync(new Uri(Server, path));

    /// <summary>Watches through Connect Gateway.</summary>
    public Task<StreamReader> WatchGatewayAsync(string path) => WatchAsync(new Uri(Host.Addresses.Google, $"{Gateway}{path}"));

    /// <summary>Reads until it is as wanted; a server that isn't there is tried again.</summary>
    public async Task<JsonObject> KubeUntilAsync(string path, Func<JsonObject, bool> isWanted)
    {
        while (true)
        {
            Token.ThrowIfCancellationRequested();
            try
            {
                if (await KubeAsync("GET", path) is { Status: 200, Body: var body } && isWanted(body))
                {
                    return body;
                }
            }
            catch (HttpRequestException)
            {
                await Task.Yield();
            }
        }
    }

    public async Task<Reply> TryLabelAsync(string name, string value)
    {
        var cluster = (await GetAsync(MeshA)).Body;
        var labels = cluster["resourceLabels"]?.DeepClone() as JsonObject ?? [];
        labels[name] = value;
        var body = new JsonObject { ["resourceLabels"] = labels, ["labelFingerprint"] = cluster["labelFingerprint"]?.DeepClone() };
        return await SendAsync("POST", $"{MeshA}:setResourceLabels", body.ToJsonString());
    }

    public async Task<JsonObject> LabelAsync(string name, string value)
    {
        var reply = await TryLabelAsync(name, value);
        Assert.True(reply.Status == 200, reply.Body.ToJsonString());
        return reply.Body;
    }

    public async Task<JsonObject> EndAsync(JsonObject operation)
    {
        while (operation["status"]?.GetValue<string>() != "DONE")
        {
            operation = (await GetAsync($"container/v1/projects/demo-apps/locations/us-central1/operations/{operation["name"]}")).Body;
        }

        return operation;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Host.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private Uri Server => Host.Addresses.Clusters.Single(cluster => cluster.Cluster.EndsWith("/mesh-a", StringComparison.Ordinal)).Server;

    private async Task<StreamReader> WatchAsync(Uri address)
    {
        using var request = Request("GET", address, null, null);
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        response.EnsureSuccessStatusCode();
        return new StreamReader(await response.Content.ReadAsStreamAsync(Token));
    }

    private async Task<Reply> SendAsync(string method, Uri address, string? body, string? token = null)
    {
        using var request = Request(method, address, body, token);
        using var response = await _http.SendAsync(request, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        return new Reply((int)response.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text)!.AsObject() : [], response.Headers.ToDictionary(
            header => header.Key, header => string.Join(',', header.Value)));
    }

    private HttpRequestMessage Request(string method, Uri address, string? body, string? token)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? Host.TokenFor(Owner));
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return request;
    }

    internal sealed record Reply(int Status, JsonObject Body, IReadOnlyDictionary<string, string> Headers)
    {
        public string? Header(string name) => Headers.GetValueOrDefault(name);
    }
}
