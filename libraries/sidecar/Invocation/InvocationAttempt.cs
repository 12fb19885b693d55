using System.Globalization;
using Grpc.Core;
using MeshWorkflow.Sidecar.Hosting;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace MeshWorkflow.Sidecar.Invocation;

/// <summary>
/// One attempt at a call. The called app sees who called, and the token by which it knows its sidecar; never the caller's own
/// token. An answer that the call should be repeated for is not passed on, if the attempt isn't the last.
/// </summary>
internal sealed class InvocationAttempt(SidecarApp caller, SidecarApp callee, ReplayBody body, bool isLast) : HttpTransformer
{
    /// <summary>Whether the app answered, but the answer was held back.</summary>
    public bool IsHeldBack { get; private set; }

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var headers = proxyRequest.Headers;
        headers.Host = null;
        headers.Remove("dapr-api-token");
        if (callee.AppApiToken is { Length: > 0 } token)
        {
            headers.TryAddWithoutValidation("dapr-api-token", token);
        }

        headers.Remove("dapr-caller-app-id");
        headers.TryAddWithoutValidation("dapr-caller-app-id", caller.Id);
        headers.Remove("dapr-callee-app-id");
        headers.TryAddWithoutValidation("dapr-callee-app-id", callee.Id);
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (!isLast && body.CanRewind && IsRepeatable(proxyResponse))
        {
            IsHeldBack = true;
            return false;
        }

        // It will not be repeated any more.
        body.Forget();
        return await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
    }

    // An app that fails before it has answered anything says so in the headers.
    private static bool IsRepeatable(HttpResponseMessage? response) =>
        response is not null
        && response.Headers.TryGetValues("grpc-status", out var values)
        && int.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
        && (StatusCode)status is StatusCode.Unavailable or StatusCode.Unauthenticated;
}
