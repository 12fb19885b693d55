using System.Diagnostics;
using System.Net;
using Grpc.Core;
using MeshWorkflow.Sidecar.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace MeshWorkflow.Sidecar.Invocation;

/// <summary>
/// Passes gRPC calls on to the app that <c>dapr-app-id</c> names: any kind of call, with its metadata, deadline and trailers. As
/// daprd's built-in policy has it, a call that the app can't be reached for, or that it answers UNAVAILABLE or UNAUTHENTICATED
/// before anything else, is repeated three times, a second apart; with <c>dapr-stream</c> only while nothing was sent.
/// </summary>
internal sealed partial class InvocationProxy(
    IHttpForwarder forwarder, AppDirectory apps, TimeProvider time, ILogger<InvocationProxy> logger) : IDisposable
{
    private const string AppIdHeader = "dapr-app-id";
    private const string StreamHeader = "dapr-stream";
    private const int Attempts = 4;

    // Larger requests are not repeated.
    private const int MaxKeptBody = 4 * 1024 * 1024;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

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

        return apps.ById.TryGetValue(target, out var app)
            ? ForwardAsync(context, app)
            : GrpcAnswer.WriteAsync(
                context,
                StatusCode.Internal,
                $"failed to invoke, id: {target}, err: couldn't find service: {target}; there is: {string.Join(", ", apps.ById.Keys)}");
    }

    public void Dispose() => _client.Dispose();

    private async Task ForwardAsync(HttpContext context, AppEndpoints app)
    {
        var body = new ReplayBody(context.Request.Body, MaxKeptBody);
        context.Request.Body = body;
        var isStream = bool.TryParse(context.Request.Headers[StreamHeader], out var value) && value;
        try
        {
            for (var attempt = 1; await AttemptAsync(context, app, body, isLast: isStream || attempt == Attempts); attempt++)
            {
                if (attempt == Attempts || (isStream ? !body.IsUntouched : !body.CanRewind))
                {
                    await GrpcAnswer.WriteAsync(context, StatusCode.Unavailable, $"The app '{app.App.Id}' can't be reached.");
                    return;
                }

                body.Rewind();
                await Task.Delay(RetryDelay, time, context.RequestAborted);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller no longer waits.
        }
    }

    // Whether the call should be repeated.
    private async Task<bool> AttemptAsync(HttpContext context, AppEndpoints app, ReplayBody body, bool isLast)
    {
        if (app.AppAddress is not { } address)
        {
            return true;
        }

        var attempt = new InvocationAttempt(context.App().App, app.App, body, isLast);
        var error = await forwarder.SendAsync(context, address.ToString(), _client, Config, attempt);
        if (attempt.IsHeldBack)
        {
            return true;
        }

        if (error is ForwarderError.None || context.RequestAborted.IsCancellationRequested)
        {
            return false;
        }

        Log.Failed(logger, app.App.Id, error, context.GetForwarderErrorFeature()?.Exception?.Message);
        return !context.Response.HasStarted;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A call to {App} failed on the way: {Error} ({Reason})")]
        public static partial void Failed(ILogger logger, string app, ForwarderError error, string? reason);
    }
}
