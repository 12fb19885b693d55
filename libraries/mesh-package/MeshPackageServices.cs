using MeshWorkflow.MeshPackage.Archives;
using MeshWorkflow.MeshPackage.Manifests;
using Microsoft.Extensions.DependencyInjection;

namespace MeshWorkflow.MeshPackage;

/// <summary>Adds the mesh package to an app.</summary>
public static class MeshPackageServices
{
    /// <summary>Adds packages and the manifests that are rendered from them.</summary>
    /// <param name="services">The app's services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddMeshPackages(this IServiceCollection services)
    {
        services.AddOptions<PackageOptions>().BindConfiguration("MeshPackage");
        services.AddSingleton<ArchiveStore>();
        services.AddSingleton<MeshPackages>();
        services.AddSingleton<ManifestRenderer>();
        return services;
    }
}
