using MeshWorkflow.Steps.Hosting;

namespace MeshWorkflow.Iam;

/// <summary>The service <c>iam</c>: roles, APIs and mesh configuration. It serves the step contract; it has no steps yet.</summary>
public static class IamApp
{
    /// <summary>The app's id.</summary>
    public const string AppId = "iam";

    /// <summary>Makes the app.</summary>
    /// <param name="builder">Its settings.</param>
    /// <returns>The app, not started.</returns>
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        builder.AddStepApp(AppId);
        return builder.Build().MapStepApp();
    }
}
