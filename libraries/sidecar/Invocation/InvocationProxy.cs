using System.Diagnostics;
using System.Net;
using Grpc.Core;
using MeshWorkflow.Sidecar.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace MeshWorkflow.Sidecar.Invocation;

/// <summary>
/// Passes gRPC calls on to the app that <c>dapr-app-id</c> names: any kind of call, with its metadata, deadline and trailers.
/// </summary>
internal sealed partial class InvocationProxy(IHttpForwarder forwarder, AppDirectory apps, ILogger<InvocationProxy> logger) : IDisposable
{
    private const string AppIdHeader = "dapr-app-id";

    private static readonly ForwarderRequestConfig Config = new()
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,

        // The caller's deadline counts; a stream may be silent for as long as it likes.
        ActivityTimeout = Timeout.InfiniteTimeSpan,
        AllowResponseBuffering = false,
    };

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        EnableMultipleHttp2Connections = true,
        ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current),
    });

    public Task InvokeAsync(HttpContext context)
    {
        if (!GrpcAnswer.IsGrpc(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        var target = context.Request.Headers[AppIdHeader].ToString();
        if (target.Length == 0)
        {
            return GrpcAnswer.WriteAsync(
                context,
                StatusCode.Unimplemented,
                $"This sidecar does not have '{context.Request.Path}'. To call an app, name it in {AppIdHeader}.");
        }

        if (!apps.ById.TryGetValue(target, out var app))
        {
            return GrpcAnswer.WriteAsync(
                context,
                StatusCode.Internal,
                $"failed to invoke, id: {target}, err: couldn't find service: {target}; there is: {string.Join(", ", apps.ById.Keys)}");
        }

        return app.AppAddress is { } address
            ? ForwardAsync(context, app, address)
            : GrpcAnswer.WriteAsync(context, StatusCode.Unavailable, $"The app '{target}' does not serve yet.");
    }

    public void Dispose() => _client.Dispose();

    private async Task ForwardAsync(HttpContext context, AppEndpoints app, Uri address)
    {
        var transformer = new InvocationHeaders(context.App().App, app.App);
        var error = await forwarder.SendAsync(context, address.ToString(), _client, Config, transformer);
        if (error is ForwarderError.None || context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        Log.Failed(logger, app.App.Id, error, context.GetForwarderErrorFeature()?.Exception?.Message);
        if (!context.Response.HasStarted)
        {
            await GrpcAnswer.WriteAsync(context, StatusCode.Unavailable, $"The app '{app.App.Id}' can't be reached.");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A call to {App} failed on the way: {Error} ({Reason})")]
        public static partial void Failed(ILogger logger, string app, ForwarderError error, string? reason);
    }
}
