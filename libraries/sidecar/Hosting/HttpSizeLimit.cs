using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MeshWorkflow.Sidecar.Hosting;

/// <summary>
/// What comes over HTTP may weigh what a gRPC message may; more is answered 413. gRPC itself counts its messages, not its calls, and
/// what goes through to another app is that app's to limit.
/// </summary>
internal sealed class HttpSizeLimit(RequestDelegate next, int limit)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!HttpProtocol.IsHttp2(context.Request.Protocol)
            && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = limit;
        }

        return next(context);
    }
}
