using MeshWorkflow.Steps.Calls;
using Microsoft.Extensions.Options;

namespace MeshWorkflow.Certificates.IstioCa;

/// <summary>Adds Istio CA to the app.</summary>
internal static class IstioCaServices
{
    public static IServiceCollection AddIstioCa(this IServiceCollection services)
    {
        services.AddOptions<IstioCaOptions>().BindConfiguration("IstioCa").ValidateOnStart();
        return services
            .AddSingleton<IValidateOptions<IstioCaOptions>, IstioCaOptionsValidator>()
            .AddSingleton<CaFiles>()
            .AddSingleton<SigningSource>()
            .AddSingleton<IStep, IstioCaStep>();
    }
}
