using Grpc.Net.Client;

namespace Dapr.Workflow.Connection;

/// <summary>How the worker and its client talk to the sidecar: one connection of its own, no time-outs of HTTP's, no size limits.</summary>
internal static class SidecarChannel
{
    public static GrpcChannelOptions Options() => new()
    {
        MaxReceiveMessageSize = null,
        MaxSendMessageSize = null,
    };

    // Never the host's shared HTTP client: a resilience handler there would cut the long stream.
    public static HttpClient CreateHttpClient() =>
        new(Handler(), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };

    private static SocketsHttpHandler Handler() => new()
    {
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = TimeSpan.FromSeconds(60),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(30),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
        UseProxy = false,
    };
}
