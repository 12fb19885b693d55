using MeshWorkflow.Tests.Package;

namespace MeshWorkflow.Tests.Product.Commands;

/// <summary>Row S03: <c>package build</c> as a process: killed in the middle, twice at once, for another platform.</summary>
public sealed class PackageCommandTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meshwf-build-").FullName;
    private PackageServer _server = null!;

    private string Mesh => Path.Combine(_folder, "mesh");

    private string Config => Path.Combine(_folder, "config.json");

    public async ValueTask InitializeAsync()
    {
        _server = await PackageServer.StartAsync();
        await File.WriteAllTextAsync(
            Config,
            $$"""
            {
              "MeshPackage": {
                "Release": "{{_server.Options.Release}}?{platform}", "Configuration": "{{_server.Options.Configuration}}", "Cache": "{{_server.Options.Cache}}"
              }
            }
            """,
            TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Build_KilledInTheMiddleOfTheDownload_GoesOnWhereItStopped()
    {
        _server.BreakAfter = 5_000;
        var killed = ProductProcess.Start(Build());
        await _server.ReceivedAsync(5_000);
        await killed.KillAsync();

        var (exitCode, output) = await ProductProcess.RunAsync(Build());

        Assert.True(exitCode == 0, output);
        Assert.StartsWith("bytes=5000-", _server.Ranges[1], StringComparison.Ordinal);
        await CheckAsync();
    }

    [Fact]
    public async Task Build_TwiceAtOnce_BothEndWellAndThePackageIsWhole()
    {
        var both = await Task.WhenAll(ProductProcess.RunAsync(Build()), ProductProcess.RunAsync(Build()));

        Assert.All(both, one => Assert.True(one.ExitCode == 0, one.Output));
        Assert.Equal(2, _server.Ranges.Count);
        await CheckAsync();
    }

    [Fact]
    public async Task Build_OtherPlatform_FetchesThatOne()
    {
        var (unknown, _) = await ProductProcess.RunAsync(Build("--platform", "solaris"));
        var (unknownToo, why) = await ProductProcess.RunAsync(["build-offline-package", "--platform", "solaris"]);
        var (exitCode, output) = await ProductProcess.RunAsync(["build-offline-package", "-D", Mesh, "--platform", "osx", "--config", Config]);

        Assert.Equal((2, 2), (unknown, unknownToo));
        Assert.Contains("There are packages for linux-amd64 or osx", why, StringComparison.Ordinal);
        Assert.True(exitCode == 0, output);
        Assert.Contains(
            await File.ReadAllLinesAsync(Path.Combine(_server.Cache, "package.lock"), TestContext.Current.CancellationToken),
            line => line.EndsWith("/release?osx", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string[] Build(params string[] flags) => ["package", "build", Mesh, "--config", Config, "--state", Path.Combine(_folder, "state"), .. flags];

    private async Task CheckAsync()
    {
        var (exitCode, output) = await ProductProcess.RunAsync(["package", "check", Mesh]);
        Assert.True(exitCode == 0, output);
        Assert.Contains("files are as they must be", output, StringComparison.Ordinal);
    }
}
