using MeshWorkflow.Iam.Apis;
using MeshWorkflow.Iam.MeshConfig;
using MeshWorkflow.Iam.Policies;
using MeshWorkflow.Iam.Principals;
using MeshWorkflow.Iam.Roles;
using MeshWorkflow.Iam.ServiceAgents;
using MeshWorkflow.Protos.Iam.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Hosting;

namespace MeshWorkflow.Iam;

/// <summary>The service <c>iam</c>: what the clusters of a project share: roles, APIs, service agents and mesh configuration.</summary>
public static class IamApp
{
    /// <summary>The app's id.</summary>
    public const string AppId = "iam";

    /// <summary>Makes the app.</summary>
    /// <param name="builder">Its settings.</param>
    /// <returns>The app, not started.</returns>
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        builder.AddStepApp(AppId, IamReflection.Descriptor)
            .AddSingleton<OwnPrincipal>()
            .AddSingleton<ProjectPolicies>()
            .AddSingleton<ServiceOperations>()
            .AddSingleton<IStep, RolesStep>()
            .AddSingleton<IStep, ApisStep>()
            .AddSingleton<IStep, ServiceIdentitiesStep>()
            .AddSingleton<IStep, ServiceAgentsStep>()
            .AddSingleton<IStep, MeshConfigInitializeStep>();
        return builder.Build().MapStepApp();
    }
}
