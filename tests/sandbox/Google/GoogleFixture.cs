using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Hosting;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Sandbox.Google;

/// <summary>A running sandbox and a plain HTTP client for its Google side.</summary>
internal sealed class GoogleFixture : IAsyncDisposable
{
    public const string Owner = "user:owner@example.com";
    private readonly SandboxHost _host;
    private readonly HttpClient _http = new();
    private readonly string _folder;

    private GoogleFixture(SandboxHost host, string folder)
    {
        (_host, _folder) = (host, folder);
        _http.BaseAddress = host.Addresses.Google;
    }

    public SandboxHost Host => _host;

    public Uri Address => _host.Addresses.Google;

    public static async Task<GoogleFixture> StartAsync(World? world = null, TimeProvider? time = null, TimeSpan enabling = default, TimeSpan granting = default)
    {
        var folder = Directory.CreateTempSubdirectory("google-").FullName;
        var options = new SandboxOptions
        {
            World = world ?? SampleWorld.Make(),
            Folder = folder,
            OperationTime = TimeSpan.FromMilliseconds(time is null ? 1 : 1000),
            EnablingTime = enabling,
            GrantingTime = granting,
            Time = time ?? TimeProvider.System,
        };
        return new GoogleFixture(await SandboxHost.StartAsync(options, TestContext.Current.CancellationToken), folder);
    }

    public async Task<(int Status, JsonObject Body)> SendAsync(
        string method, string path, JsonNode? body = null, string principal = Owner, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path.TrimStart('/'));
        if (principal.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _host.TokenFor(principal));
        }

        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        change?.Invoke(request);
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, text.StartsWith('{') ? (JsonObject)JsonNode.Parse(text)! : new JsonObject { ["text"] = text });
    }

    /// <summary>Sends, expects 200, and answers the body.</summary>
    public async Task<JsonObject> OkAsync(string method, string path, JsonNode? body = null, string principal = Owner)
    {
        var (status, answer) = await SendAsync(method, path, body, principal);
        Assert.True(status == 200, $"{method} {path}: {status} {answer.ToJsonString()}");
        return answer;
    }

    /// <summary>Polls an operation of google.longrunning until it is done.</summary>
    public async Task<JsonObject> DoneAsync(string api, JsonObject operation, string version = "v1")
    {
        while (operation["done"]?.GetValue<bool>() != true)
        {
            operation = await OkAsync("GET", $"{api}/{version}/{operation["name"]}");
        }

        return operation;
    }

    /// <summary>Polls an operation of Kubernetes Engine or Compute Engine until it is done.</summary>
    public async Task<JsonObject> FinishedAsync(string path, JsonObject operation)
    {
        while (operation["status"]?.GetValue<string>() != "DONE")
        {
            operation = await OkAsync("GET", $"{path}/operations/{operation["name"]}");
        }

        return operation;
    }

    public string Order(FaultSpec fault) => _host.Order(fault);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
