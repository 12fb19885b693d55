using MeshWorkflow.GoogleCloud.Compute;
using MeshWorkflow.GoogleCloud.ConnectGateway;
using MeshWorkflow.GoogleCloud.Container;
using MeshWorkflow.GoogleCloud.Credentials;
using MeshWorkflow.GoogleCloud.Hub;
using MeshWorkflow.GoogleCloud.MeshConfig;
using MeshWorkflow.GoogleCloud.PrivateCa;
using MeshWorkflow.GoogleCloud.Quotas;
using MeshWorkflow.GoogleCloud.Requests;
using MeshWorkflow.GoogleCloud.ResourceManager;
using MeshWorkflow.GoogleCloud.ServiceUsage;
using Microsoft.Extensions.DependencyInjection;

namespace MeshWorkflow.GoogleCloud;

/// <summary>Adds Google Cloud's APIs to an app.</summary>
public static class GoogleCloudServices
{
    /// <summary>Adds the APIs; options come from the section <c>GoogleCloud</c>.</summary>
    /// <param name="services">The app's services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddGoogleCloud(this IServiceCollection services)
    {
        services.AddOptions<GoogleCloudOptions>().BindConfiguration("GoogleCloud");
        services.AddSingleton<GoogleCredentials>();
        services.AddSingleton<QuotaGates>();
        services.AddSingleton<ApiServices>();
        services.AddSingleton<ComputeApi>();
        services.AddSingleton<ConnectGatewayApi>();
        services.AddSingleton<ContainerApi>();
        services.AddSingleton<HubApi>();
        services.AddSingleton<MeshConfigApi>();
        services.AddSingleton<PrivateCaApi>();
        services.AddSingleton<ResourceManagerApi>();
        services.AddSingleton<ServiceUsageApi>();
        return services;
    }
}
