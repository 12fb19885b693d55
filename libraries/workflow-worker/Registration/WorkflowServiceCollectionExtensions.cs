using System.Text.Json;
using Dapr.Common;
using Dapr.Common.Serialization;
using Dapr.Workflow.Connection;
using Dapr.Workflow.Registration;
using Dapr.Workflow.Serialization;
using Dapr.Workflow.Worker;
using Grpc.Net.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dapr.Workflow;

/// <summary>Adds Dapr workflows to an app.</summary>
public static class WorkflowServiceCollectionExtensions
{
    /// <summary>Adds the worker, its client and nothing to run but what generated code registered.</summary>
    /// <param name="services">The app's services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddDaprWorkflow(this IServiceCollection services) => services.AddDaprWorkflow(_ => { });

    /// <summary>Adds the worker, its client and what it runs. Call it once: with the official package later calls change nothing.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="configure">Registers workflows and activities.</param>
    /// <param name="lifetime">The client's lifetime.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddDaprWorkflow(
        this IServiceCollection services, Action<WorkflowRuntimeOptions> configure, ServiceLifetime lifetime = ServiceLifetime.Singleton)
    {
        ArgumentNullException.ThrowIfNull(configure);
        services.AddDaprWorkflowBuilder(configure, lifetime: lifetime);
        return services;
    }

    /// <summary>Adds the worker, its client and what it runs, and goes on configuring.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="configureRuntime">Registers workflows and activities.</param>
    /// <param name="configureClient">Changes the client; by default it follows the worker's settings.</param>
    /// <param name="lifetime">The client's lifetime.</param>
    /// <returns>A builder.</returns>
    public static DaprWorkflowBuilder AddDaprWorkflowBuilder(
        this IServiceCollection services,
        Action<WorkflowRuntimeOptions>? configureRuntime,
        Action<IServiceProvider, DaprWorkflowClientBuilder>? configureClient = null,
        ServiceLifetime lifetime = ServiceLifetime.Singleton)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = new WorkflowRuntimeOptions();
        WorkflowAutoRegistry.Apply(options);
        configureRuntime?.Invoke(options);
        services.TryAddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IDaprSerializer>(_ => new JsonDaprSerializer());
        services.TryAddSingleton<IWorkflowsFactory>(MakeFactory);
        services.TryAddSingleton(MakeConnection);
        services.TryAdd(new ServiceDescriptor(typeof(DaprWorkflowClient), provider => MakeClient(provider, configureClient), lifetime));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, WorkflowWorker>());
        return new DaprWorkflowBuilder(services);
    }

    private static WorkflowsFactory MakeFactory(IServiceProvider provider)
    {
        var factory = new WorkflowsFactory(provider.GetRequiredService<ILogger<WorkflowsFactory>>());
        provider.GetRequiredService<WorkflowRuntimeOptions>().ApplyRegistrations(factory);
        return factory;
    }

    private static SidecarConnection MakeConnection(IServiceProvider provider) =>
        SidecarConnection.Open(
            provider.GetService<IConfiguration>(), provider.GetRequiredService<WorkflowRuntimeOptions>().GrpcChannelOptions);

    private static DaprWorkflowClient MakeClient(
        IServiceProvider provider, Action<IServiceProvider, DaprWorkflowClientBuilder>? configureClient)
    {
        var time = provider.GetRequiredService<TimeProvider>();
        if (configureClient is null)
        {
            return new DaprWorkflowClient(
                provider.GetRequiredService<SidecarConnection>().Invoker, provider.GetRequiredService<IDaprSerializer>(), time);
        }

        var builder = new DaprWorkflowClientBuilder(provider.GetService<IConfiguration>()) { Time = time };
        builder.UseSerializer(provider.GetRequiredService<IDaprSerializer>());
        configureClient(provider, builder);
        return builder.Build(provider);
    }

    /// <summary>Goes on configuring an app's workflows.</summary>
    public readonly struct DaprWorkflowBuilder : IDaprWorkflowBuilder, IDaprServiceBuilder
    {
        internal DaprWorkflowBuilder(IServiceCollection services) => Services = services;

        /// <inheritdoc/>
        public IServiceCollection Services { get; }

        /// <summary>Sets how payloads become text, for worker and client.</summary>
        /// <param name="serializer">The serializer.</param>
        /// <returns>This builder.</returns>
        public DaprWorkflowBuilder WithSerializer(IDaprSerializer serializer)
        {
            ArgumentNullException.ThrowIfNull(serializer);
            Services.Replace(ServiceDescriptor.Singleton(serializer));
            return this;
        }

        /// <summary>Sets how payloads become text, for worker and client.</summary>
        /// <param name="serializerFactory">Makes the serializer.</param>
        /// <returns>This builder.</returns>
        public DaprWorkflowBuilder WithSerializer(Func<IServiceProvider, IWorkflowSerializer> serializerFactory)
        {
            ArgumentNullException.ThrowIfNull(serializerFactory);
            Services.Replace(ServiceDescriptor.Singleton<IDaprSerializer>(serializerFactory));
            return this;
        }

        /// <summary>Sets the JSON options of payloads, for worker and client.</summary>
        /// <param name="jsonOptions">The options.</param>
        /// <returns>This builder.</returns>
        public DaprWorkflowBuilder WithJsonSerializer(JsonSerializerOptions jsonOptions)
        {
            ArgumentNullException.ThrowIfNull(jsonOptions);
            return WithSerializer(new JsonDaprSerializer(jsonOptions));
        }

        /// <summary>Sets message size limits towards the sidecar.</summary>
        /// <param name="maxReceiveMessageSize">Bytes; no limit by default.</param>
        /// <param name="maxSendMessageSize">Bytes; no limit by default.</param>
        /// <returns>This builder.</returns>
        public DaprWorkflowBuilder WithGrpcMessageSizeLimits(int? maxReceiveMessageSize = null, int? maxSendMessageSize = null)
        {
            if (Services.LastOrDefault(service => service.ServiceType == typeof(WorkflowRuntimeOptions))?.ImplementationInstance
                is WorkflowRuntimeOptions options)
            {
                options.UseGrpcChannelOptions(new GrpcChannelOptions
                {
                    MaxReceiveMessageSize = maxReceiveMessageSize,
                    MaxSendMessageSize = maxSendMessageSize,
                });
            }

            return this;
        }
    }
}
