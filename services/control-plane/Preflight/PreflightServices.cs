namespace MeshWorkflow.ControlPlane.Preflight;

/// <summary>Adds preflight to the app.</summary>
internal static class PreflightServices
{
    public static IServiceCollection AddPreflight(this IServiceCollection services) => services
        .AddSingleton<FleetChecks>()
        .AddSingleton<RoleChecks>()
        .AddSingleton<ControlPlaneChecks>()
        .AddSingleton<PackageChecks>()
        .AddSingleton<PreflightRun>();
}
