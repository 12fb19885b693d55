namespace MeshWorkflow.ControlPlane.Preflight;

/// <summary>Adds preflight to the app.</summary>
internal static class PreflightServices
{
    public static IServiceCollection AddPreflight(this IServiceCollection services) => services
        .AddSingleton<FleetChecks>()
        .AddSingleton<RoleChecks>()
        .AddSingleton<ApiChecks>()
        .AddSingleton<ProjectChecks>()
        .AddSingleton<PackageChecks>()
        .AddSingleton<ReachChecks>()
        .AddSingleton<MembershipObjectChecks>()
        .AddSingleton<InClusterChecks>()
        .AddSingleton<PreflightRun>();
}
