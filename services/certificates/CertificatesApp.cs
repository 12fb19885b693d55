using MeshWorkflow.Certificates.CaService;
using MeshWorkflow.Certificates.IstioCa;
using MeshWorkflow.Certificates.MeshCa;
using MeshWorkflow.Certificates.Running;
using MeshWorkflow.Protos.Certificates.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Hosting;

namespace MeshWorkflow.Certificates;

/// <summary>The service <c>certificates</c>: the mesh's certificate authority.</summary>
public static class CertificatesApp
{
    /// <summary>The app's id.</summary>
    public const string AppId = "certificates";

    /// <summary>Makes the app.</summary>
    /// <param name="builder">Its settings.</param>
    /// <returns>The app, not started.</returns>
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        builder.AddStepApp(AppId, CertificatesReflection.Descriptor)
            .AddSingleton<CaPoolChecks>()
            .AddSingleton<IStep, MeshCaStep>()
            .AddSingleton<IStep, CaPoolStep>()
            .AddSingleton<IStep, CaAccessStep>()
            .AddSingleton<IStep, AuthorityChangeStep>()
            .AddIstioCa();
        return builder.Build().MapStepApp();
    }
}
