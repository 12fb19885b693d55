using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.Extensions.Configuration;

namespace Dapr.Workflow.Connection;

/// <summary>The app's connection to its sidecar, shared by worker and client.</summary>
internal sealed class SidecarConnection : IDisposable
{
    private readonly GrpcChannel _channel;

    private SidecarConnection(GrpcChannel channel, string? apiToken)
    {
        _channel = channel;
        Invoker = channel.Intercept(metadata => WithIdentity(metadata, apiToken));
    }

    public CallInvoker Invoker { get; }

    /// <summary>Opens it as <c>DAPR_GRPC_ENDPOINT</c>, <c>DAPR_GRPC_PORT</c> and <c>DAPR_API_TOKEN</c> say.</summary>
    public static SidecarConnection Open(IConfiguration? configuration, GrpcChannelOptions? limits)
    {
        var options = SidecarChannel.Options();
        options.HttpClient = SidecarChannel.CreateHttpClient();
        options.DisposeHttpClient = true;
        if (limits is not null)
        {
            options.MaxReceiveMessageSize = limits.MaxReceiveMessageSize;
            options.MaxSendMessageSize = limits.MaxSendMessageSize;
        }

        var channel = GrpcChannel.ForAddress(DaprDefaults.GetDefaultGrpcEndpoint(configuration), options);
        return new SidecarConnection(channel, DaprDefaults.GetDefaultDaprApiToken(configuration));
    }

    public void Dispose() => _channel.Dispose();

    private static Metadata WithIdentity(Metadata metadata, string? apiToken)
    {
        metadata.Add("user-agent", UserAgent);
        if (!string.IsNullOrEmpty(apiToken))
        {
            metadata.Add("dapr-api-token", apiToken);
        }

        return metadata;
    }

    private static string UserAgent { get; } =
        $"meshworkflow-worker/{typeof(SidecarConnection).Assembly.GetName().Version?.ToString(3)}";
}
