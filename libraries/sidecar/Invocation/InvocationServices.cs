using Microsoft.Extensions.DependencyInjection;

namespace MeshWorkflow.Sidecar.Invocation;

/// <summary>Adds gRPC service invocation.</summary>
internal static class InvocationServices
{
    public static IServiceCollection AddInvocation(this IServiceCollection services)
    {
        services.AddHttpForwarder();
        return services.AddSingleton<InvocationProxy>();
    }
}
