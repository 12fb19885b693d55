using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace MeshWorkflow.Sidecar.Hosting;

/// <summary>Lets nobody in without the app's token. Health is open, as with daprd.</summary>
internal sealed class ApiTokenCheck(RequestDelegate next)
{
    private const string Header = "dapr-api-token";

    public Task InvokeAsync(HttpContext context)
    {
        var expected = context.App().App.ApiToken;
        if (string.IsNullOrEmpty(expected) || IsHealth(context.Request) || Matches(context.Request.Headers[Header], expected))
        {
            return next(context);
        }

        if (GrpcAnswer.IsGrpc(context.Request))
        {
            return GrpcAnswer.WriteAsync(context, StatusCode.Unauthenticated, "The call has no valid dapr-api-token.");
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    private static bool IsHealth(HttpRequest request) => request.Path.StartsWithSegments("/v1.0/healthz", StringComparison.Ordinal);

    private static bool Matches(string? given, string expected) =>
        given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
}
