using MeshWorkflow.Steps.Hosting;

namespace MeshWorkflow.Gateway;

/// <summary>The service <c>gateway</c>: gateways and injection. It serves the step contract; it has no steps yet.</summary>
public static class GatewayApp
{
    /// <summary>The app's id.</summary>
    public const string AppId = "gateway";

    /// <summary>Makes the app.</summary>
    /// <param name="builder">Its settings.</param>
    /// <returns>The app, not started.</returns>
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        builder.AddStepApp(AppId);
        return builder.Build().MapStepApp();
    }
}
