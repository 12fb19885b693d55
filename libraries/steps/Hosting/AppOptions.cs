using System.Net;

namespace MeshWorkflow.Steps.Hosting;

/// <summary>How an app of ours listens. Section <c>Host</c>.</summary>
public sealed class AppOptions
{
    /// <summary>The address that it listens on. Default: loopback only.</summary>
    public string Address { get; set; } = IPAddress.Loopback.ToString();

    /// <summary>The port of its gRPC endpoint (its sidecar's <c>--app-port</c>); 0, the default: any.</summary>
    public int Port { get; set; }
}
