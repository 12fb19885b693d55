using MeshWorkflow.MeshPackage;
using MeshWorkflow.MeshPackage.Manifests;
using Contents = MeshWorkflow.MeshPackage.Contents.Package;

namespace MeshWorkflow.Tests.Package.Options;

/// <summary>The sandbox's package, fetched once for a class of tests, and one renderer for it.</summary>
public sealed class OfferedPackage : IAsyncLifetime
{
    private PackageServer? _server;

    public Contents Package { get; private set; } = null!;

    public ManifestRenderer Renderer { get; } = new();

    public async ValueTask InitializeAsync()
    {
        _server = await PackageServer.StartAsync();
        Package = await _server.Packages().GetAsync(new PackageRequest(MeshVersion.Parse("1.23.3-asm.2")), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Renderer.Dispose();
        await _server!.DisposeAsync();
    }
}
