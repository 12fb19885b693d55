using Dapr;
using Dapr.Client;
using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MeshWorkflow.Ledger;

/// <summary>How an app reaches its own sidecar: <c>DAPR_GRPC_ENDPOINT</c> (or <c>DAPR_GRPC_PORT</c>) and <c>DAPR_API_TOKEN</c>.</summary>
public static class SidecarClients
{
    /// <summary>Adds the client of the app's sidecar, and the shared state.</summary>
    /// <param name="services">The app's services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddMeshState(this IServiceCollection services)
    {
        services.AddSingleton(provider => Client(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<MeshState>();
        services.AddSingleton<Epochs>();
        services.AddSingleton<LedgerIndex>();
        services.AddSingleton<Claims>();
        services.AddSingleton<StepLedger>();
        services.AddSingleton<Blobs>();
        return services;
    }

    /// <summary>Makes calls to another app through the app's own sidecar.</summary>
    /// <param name="configuration">Where the sidecar's address and token are.</param>
    /// <param name="appId">The other app.</param>
    /// <returns>The invoker. Make one per app and keep it.</returns>
    public static CallInvoker InvokerOf(IConfiguration configuration, string appId) =>
        DaprClient.CreateInvocationInvoker(
            appId, DaprDefaults.GetDefaultGrpcEndpoint(configuration), DaprDefaults.GetDefaultDaprApiToken(configuration));

    private static DaprClient Client(IConfiguration configuration) =>
        new DaprClientBuilder()
            .UseGrpcEndpoint(DaprDefaults.GetDefaultGrpcEndpoint(configuration))
            .UseHttpEndpoint(DaprDefaults.GetDefaultHttpEndpoint(configuration))
            .UseDaprApiToken(DaprDefaults.GetDefaultDaprApiToken(configuration))
            .Build();
}
