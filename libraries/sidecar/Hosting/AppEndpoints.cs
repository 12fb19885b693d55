using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MeshWorkflow.Sidecar.Hosting;

/// <summary>Where the sidecar serves one app, and where the app itself is.</summary>
public sealed class AppEndpoints
{
    private ListenOptions? _grpc;
    private ListenOptions? _http;

    internal AppEndpoints(SidecarApp app) => App = app;

    /// <summary>The app.</summary>
    public SidecarApp App { get; }

    /// <summary>The gRPC API (<c>DAPR_GRPC_ENDPOINT</c>).</summary>
    public Uri GrpcAddress => Address(_grpc);

    /// <summary>The HTTP API (<c>DAPR_HTTP_ENDPOINT</c>): health and metadata.</summary>
    public Uri HttpAddress => Address(_http);

    /// <summary>Where the app serves gRPC, once it does. Until then calls to it answer UNAVAILABLE.</summary>
    public Uri? AppAddress { get; set; }

    internal void Listen(KestrelServerOptions kestrel)
    {
        kestrel.Listen(IPAddress.Loopback, App.GrpcPort, options =>
        {
            options.Protocols = HttpProtocols.Http2;
            options.BelongsTo(this);
            _grpc = options;
        });
        kestrel.Listen(IPAddress.Loopback, App.HttpPort, options =>
        {
            options.Protocols = HttpProtocols.Http1;
            options.BelongsTo(this);
            _http = options;
        });
    }

    // The server writes the port that it got into the options that it was given.
    private static Uri Address(ListenOptions? options) =>
        options?.IPEndPoint is { } endpoint
            ? new Uri($"http://{endpoint}")
            : throw new InvalidOperationException("The sidecar has not started.");
}
