using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MeshWorkflow.Sidecar.Hosting;

/// <summary>The apps that this sidecar serves.</summary>
internal sealed class AppDirectory
{
    public AppDirectory(IEnumerable<SidecarApp> apps) =>
        ById = apps.ToDictionary(app => app.Id, app => new AppEndpoints(app), StringComparer.Ordinal);

    public IReadOnlyDictionary<string, AppEndpoints> ById { get; }

    public void Listen(KestrelServerOptions kestrel)
    {
        foreach (var app in ById.Values)
        {
            app.Listen(kestrel);
        }
    }
}
