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
        return await PatientlyAsync(() => packages.GetAsync(request, cancellationToken), cancellationToken);
    }

    /// <summary>Puts a package into a folder, after whoever puts one there now.</summary>
    public Task KeepAsync(Package package, string folder, CancellationToken cancellationToken) => PatientlyAsync(
        () =>
        {
            PackageOutput.Write(package, folder);
            return Task.FromResult(package);
        },
        cancellationToken);

    private async Task<Package> PatientlyAsync(Func<Task<Package>> work, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await work();
            }
            catch (WaitException wait)
            {
                console.MarkupLineInterpolated($"[grey]{wait.Message}[/]");
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }
}
