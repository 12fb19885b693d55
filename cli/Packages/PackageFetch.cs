using MeshWorkflow.MeshPackage;
using MeshWorkflow.MeshPackage.Archives;
using MeshWorkflow.MeshPackage.Contents;
using MeshWorkflow.Steps.Failures;
using Spectre.Console;

namespace MeshWorkflow.Cli.Packages;

/// <summary>Gets a mesh package for a command, and says how far it is.</summary>
internal sealed class PackageFetch(PackageOptions options, IAnsiConsole console)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <exception cref="MeshException">It can't be used: <c>PACKAGE_…</c>.</exception>
    public async Task<Package> GetAsync(PackageRequest request, CancellationToken cancellationToken)
    {
        var settings = Microsoft.Extensions.Options.Options.Create(options);
        using var archives = new ArchiveStore(settings, TimeProvider.System);
        var packages = new MeshPackages(archives, settings);
        while (true)
        {
            try
            {
                return await packages.GetAsync(request, cancellationToken);
            }
            catch (WaitException wait)
            {
                console.MarkupLineInterpolated($"[grey]{wait.Message}[/]");
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }
}
