using MeshWorkflow.Sidecar.Hosting;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace MeshWorkflow.Sidecar.Invocation;

/// <summary>What the called app sees: who called, and the token by which it knows its sidecar. Never the caller's own token.</summary>
internal sealed class InvocationHeaders(SidecarApp caller, SidecarApp callee) : HttpTransformer
{
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
}
