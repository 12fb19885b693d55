using MeshWorkflow.Steps.Hosting;

namespace MeshWorkflow.Certificates;

/// <summary>The service <c>certificates</c>: the mesh's certificate authority. It serves the step contract; it has no steps yet.</summary>
public static class CertificatesApp
{
    /// <summary>The app's id.</summary>
    public const string AppId = "certificates";

    /// <summary>Makes the app.</summary>
    /// <param name="builder">Its settings.</param>
    /// <returns>The app, not started.</returns>
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        builder.AddStepApp(AppId);
        return builder.Build().MapStepApp();
    }
}
