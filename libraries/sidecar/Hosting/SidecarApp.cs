namespace MeshWorkflow.Sidecar.Hosting;

/// <summary>One app beside the sidecar: who it is, and how the two know each other.</summary>
public sealed class SidecarApp
{
    /// <summary>The app's id, by which others call it.</summary>
    public required string Id { get; init; }

    /// <summary>What the app shows to the sidecar on every call (<c>DAPR_API_TOKEN</c>). Null: the sidecar asks for none.</summary>
    public string? ApiToken { get; init; }

    /// <summary>What the sidecar shows to the app on every call (<c>APP_API_TOKEN</c>). Null: it shows none.</summary>
    public string? AppApiToken { get; init; }

    /// <summary>The loopback port of the gRPC API; 0, the default: any.</summary>
    public int GrpcPort { get; init; }

    /// <summary>The loopback port of the HTTP API; 0, the default: any.</summary>
    public int HttpPort { get; init; }
}
