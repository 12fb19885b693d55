using MeshWorkflow.Gateway.Clusters;
using MeshWorkflow.Gateway.Ingress;
using MeshWorkflow.Gateway.Injection;
using MeshWorkflow.Gateway.Namespaces;
using MeshWorkflow.MeshPackage;
using MeshWorkflow.Protos.Gateway.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Hosting;

namespace MeshWorkflow.Gateway;

/// <summary>The service <c>gateway</c>: gateways, and injection with the restart of workloads.</summary>
public static class GatewayApp
{
    /// <summary>The app's id.</summary>
    public const string AppId = "gateway";

    /// <summary>Makes the app.</summary>
    /// <param name="builder">Its settings.</param>
    /// <returns>The app, not started.</returns>
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        builder.AddStepApp(AppId, GatewayReflection.Descriptor)
            .AddMeshPackages()
            .AddSingleton<GatewayClusters>()
            .AddSingleton<IStep, GatewayNamespaceStep>()
            .AddSingleton<IStep, IngressGatewayStep>()
            .AddSingleton<IStep, InjectionStep>();
        return builder.Build().MapStepApp();
    }
}
