using System.Net;
using System.Text;
using Google.Protobuf.Reflection;
using MeshWorkflow.GoogleCloud;
using MeshWorkflow.GoogleCloud.Credentials;
using MeshWorkflow.KubernetesApi;
using MeshWorkflow.KubernetesApi.Kubeconfigs;
using MeshWorkflow.Ledger;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Clusters;
using MeshWorkflow.Steps.Failures;
using MeshWorkflow.Steps.MeshConfig;
using MeshWorkflow.Steps.Objects;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MeshWorkflow.Steps.Hosting;

/// <summary>Makes an app that serves steps.</summary>
public static class StepApps
{
    /// <summary>Adds what every service of ours has: gRPC on its own port, the check of its sidecar's token, state, Google and clusters.</summary>
    /// <param name="builder">The app's builder.</param>
    /// <param name="appId">The app's id.</param>
    /// <param name="specs">The files that the specs of its steps are declared in.</param>
    /// <returns>The app's services.</returns>
    /// <exception cref="InvalidOperationException">There is no <c>APP_API_TOKEN</c>.</exception>
    public static IServiceCollection AddStepApp(this WebApplicationBuilder builder, string appId, params FileDescriptor[] specs)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.Configuration.GetSection("Host").Get<AppOptions>() ?? new AppOptions();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Parse(options.Address), options.Port, listen => listen.Protocols = HttpProtocols.Http2));
        var services = builder.Services;
        services.AddRouting();
        services.AddGrpc(grpc => grpc.Interceptors.Add<AppTokenCheck>());
        services.AddGrpcHealthChecks().AddCheck(appId, () => HealthCheckResult.Healthy());
        services.AddSingleton(Token(builder.Configuration, appId));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(new LedgerCodec([StepsReflection.Descriptor, .. specs]));
        services.AddMeshState();
        services.AddGoogleCloud();
        services.AddSingleton<ClusterConnections>();
        services.AddOptions<KubeconfigOptions>().BindConfiguration("Kubeconfigs");
        services.AddSingleton(provider => new KubeconfigFiles(provider.GetRequiredService<IOptions<KubeconfigOptions>>().Value));
        services.AddSingleton<GatewayAddresses>();
        services.AddSingleton<GkeConnections>();
        services.AddSingleton<ObjectChanges>();
        services.AddSingleton<PoolMemory>();
        services.AddSingleton<PoolLists>();
        services.AddSingleton<WorldTroubles>();
        services.AddSingleton(provider => new StepCatalog(appId, provider.GetServices<IStep>()));
        services.AddSingleton(provider => new OutcomeCalls(
            provider.GetRequiredService<Epochs>(),
            provider.GetRequiredService<WorldTroubles>(),
            provider.GetRequiredService<GoogleCredentials>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<OutcomeCalls>>()));
        services.AddSingleton<StepCalls>();
        return services;
    }

    /// <summary>Serves the step contract and health.</summary>
    /// <param name="app">The app.</param>
    /// <returns>The same app.</returns>
    public static WebApplication MapStepApp(this WebApplication app)
    {
        app.MapGrpcService<StepsService>();
        app.MapGrpcHealthChecksService();
        return app;
    }

    private static AppToken Token(IConfiguration configuration, string appId) =>
        configuration["APP_API_TOKEN"] is { Length: > 0 } token
            ? new AppToken(Encoding.UTF8.GetBytes(token))
            : throw new InvalidOperationException(
                $"The app '{appId}' has no APP_API_TOKEN: it would serve anybody. Set it here and at its sidecar to the same value.");
}
