using System.Text.Json;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.Workflows.Api;
using MeshWorkflow.Workflows.ReadModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace MeshWorkflow.Tests.Product.Live;

/// <summary>An API that serves events as it is told, and breaks off where it is told to.</summary>
internal sealed class EventServer : IAsyncDisposable
{
    private readonly WebApplication _web;

    private EventServer(Func<HttpContext, Task> serve)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _web = builder.Build();
        _web.Run(serve.Invoke);
    }

    public static async Task<EventServer> StartAsync(Func<HttpContext, Task> serve)
    {
        var server = new EventServer(serve);
        await server._web.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public RolloutClient Client() => new(new Uri(_web.Urls.First()), "token");

    public static async Task WriteAsync(HttpContext http, params IEnumerable<string> items)
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync(string.Concat(items));
        await http.Response.Body.FlushAsync();
    }

    public static string Step(string id, string outcome = "Done") =>
        $"event: step\ndata: {JsonSerializer.Serialize(Happenings.Step(id, "control-plane", "Apply", outcome).Event, ApiJson.Default.RolloutEvent)}\nid: {id}\n\n";

    public static string Rollout(RolloutState state) =>
        $"event: rollout\ndata: {JsonSerializer.Serialize(Happenings.Rollout(state).Document, ApiJson.Default.RolloutDocument)}\n\n";

    public ValueTask DisposeAsync() => _web.DisposeAsync();
}
