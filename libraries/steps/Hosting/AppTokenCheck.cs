using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace MeshWorkflow.Steps.Hosting;

/// <summary>Lets nobody but the app's own sidecar in: every call carries <c>APP_API_TOKEN</c>. Health is open.</summary>
/// <param name="token">The token.</param>
internal sealed class AppTokenCheck(AppToken token) : Interceptor
{
    private const string Header = "dapr-api-token";

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Check(context);
        return continuation(request, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Check(context);
        return continuation(request, responseStream, context);
    }

    private void Check(ServerCallContext context)
    {
        if (context.Method.StartsWith("/grpc.health.v1.Health/", StringComparison.Ordinal))
        {
            return;
        }

        var given = context.RequestHeaders.GetValue(Header) ?? "";
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), token.Bytes))
        {
            // Not UNAUTHENTICATED: a sidecar would repeat the call by itself.
            throw new RpcException(new Status(StatusCode.PermissionDenied, $"The call has no valid {Header}. Calls come through the app's sidecar."));
        }
    }
}

/// <summary>The token that the app's sidecar shows.</summary>
/// <param name="Bytes">The token.</param>
internal sealed record AppToken(byte[] Bytes);
