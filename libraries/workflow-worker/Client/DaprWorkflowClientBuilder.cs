using System.Text.Json;
using Dapr.Common;
using Dapr.Common.Serialization;
using Dapr.Workflow.Connection;
using Dapr.Workflow.Serialization;
using Microsoft.Extensions.Configuration;

namespace Dapr.Workflow.Registration;

/// <summary>Builds a client for a process that runs no workflows, or outside of dependency injection.</summary>
public sealed class DaprWorkflowClientBuilder : DaprGenericClientBuilder<DaprWorkflowClient>
{
    private IDaprSerializer? _serializer;
    private Func<IServiceProvider, IWorkflowSerializer>? _serializerFactory;

    /// <summary>Starts from the settings <c>DAPR_GRPC_ENDPOINT</c>, <c>DAPR_GRPC_PORT</c> and <c>DAPR_API_TOKEN</c>.</summary>
    /// <param name="configuration">Where they are looked for before the environment.</param>
    public DaprWorkflowClientBuilder(IConfiguration? configuration = null)
        : base(configuration)
    {
        UseGrpcEndpoint(DaprDefaults.GetDefaultGrpcEndpoint(configuration));
        var options = SidecarChannel.Options();

        // As in the official package: a client from here throws OperationCanceledException, one from the services RpcException.
        options.ThrowOperationCanceledOnCancellation = true;
        UseGrpcChannelOptions(options);
        UseHttpClientFactory(new SidecarHttpClientFactory());
    }

    internal TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Sets how payloads become text.</summary>
    /// <param name="serializer">The serializer.</param>
    /// <returns>This builder.</returns>
    public DaprWorkflowClientBuilder UseSerializer(IDaprSerializer serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        _serializer = serializer;
        return this;
    }

    /// <summary>Sets how payloads become text.</summary>
    /// <param name="serializerFactory">Makes the serializer when the client is built.</param>
    /// <returns>This builder.</returns>
    public DaprWorkflowClientBuilder UseSerializer(Func<IServiceProvider, IWorkflowSerializer> serializerFactory)
    {
        ArgumentNullException.ThrowIfNull(serializerFactory);
        _serializerFactory = serializerFactory;
        return this;
    }

    /// <summary>Sets the JSON options of payloads.</summary>
    /// <param name="jsonOptions">The options.</param>
    /// <returns>This builder.</returns>
    public DaprWorkflowClientBuilder UseJsonSerializer(JsonSerializerOptions jsonOptions)
    {
        ArgumentNullException.ThrowIfNull(jsonOptions);
        return UseSerializer(new JsonDaprSerializer(jsonOptions));
    }

    /// <inheritdoc/>
    public override DaprWorkflowClient Build() => Build(EmptyServices.Instance);

    internal DaprWorkflowClient Build(IServiceProvider services)
    {
        var (channel, httpClient, _, _) = BuildDaprClientDependencies(typeof(DaprWorkflowClientBuilder).Assembly);
        IDaprSerializer serializer = _serializer ?? _serializerFactory?.Invoke(services) as IDaprSerializer
            ?? new JsonDaprSerializer(JsonSerializerOptions);
        return new DaprWorkflowClient(channel.CreateCallInvoker(), serializer, Time, new OwnedConnection(channel, httpClient));
    }

    private sealed class OwnedConnection(IDisposable channel, IDisposable httpClient) : IDisposable
    {
        public void Dispose()
        {
            channel.Dispose();
            httpClient.Dispose();
        }
    }

    private sealed class EmptyServices : IServiceProvider
    {
        public static EmptyServices Instance { get; } = new();

        public object? GetService(Type serviceType) => null;
    }
}
