using MeshWorkflow.MeshPackage;
using MeshWorkflow.MeshPackage.Contents;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Tests.Package;

/// <summary>Row S03: packages that were prepared for where nothing can be downloaded.</summary>
public sealed class PreparedTests
{
    private const string File = "asm/canonical-service/controller.yaml";
    private static readonly PackageRequest Wanted = new(MeshVersion.Parse("1.23.3-asm.2"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Write_Package_SaysWhereItCameFromAndWhatIsInIt()
    {
        await using var server = await PackageServer.StartAsync();
        var folder = await PrepareAsync(server);

        var manifest = PackageManifest.Read(folder);

        Assert.Equal("1.23.3-asm.2+config1", manifest?.Version);
        Assert.Equal([server.Options.Release, server.Options.Configuration], manifest?.Sources.Select(source => source.Address));
        Assert.Contains(manifest?.Files ?? [], file => file.Path == "istio-1.23.3-asm.2/bin/istioctl");
        Assert.Contains(manifest?.Files ?? [], file => file.Path.StartsWith("samples/gateways/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Get_FileMissing_IsRefusedByItsName()
    {
        await using var server = await PackageServer.StartAsync();
        var folder = await PrepareAsync(server);
        System.IO.File.Delete(Path.Combine(folder, File));

        var refused = await RefusedAsync(server, folder);

        Assert.Equal("PACKAGE_INCOMPLETE", refused.Reason);
        Assert.Contains(File, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_FileChanged_IsRefusedByItsName()
    {
        await using var server = await PackageServer.StartAsync();
        var folder = await PrepareAsync(server);
        await System.IO.File.AppendAllTextAsync(Path.Combine(folder, File), "# changed", Token);

        var refused = await RefusedAsync(server, folder);

        Assert.Equal("PACKAGE_CORRUPT", refused.Reason);
        Assert.Contains(File, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{ "version": "1.23.3-asm.2+config1", "sources": [], "files": [{ "path": "../../etc/passwd", "sha256": "0" }] }""")]
    public async Task Get_ManifestBroken_IsRefused(string text)
    {
        await using var server = await PackageServer.StartAsync();
        var folder = await PrepareAsync(server);
        await System.IO.File.WriteAllTextAsync(Path.Combine(folder, PackageManifest.FileName), text, Token);

        Assert.Equal("PACKAGE_CORRUPT", (await RefusedAsync(server, folder)).Reason);
    }

    [Fact]
    public async Task Get_OtherVersion_IsRefused()
    {
        await using var server = await PackageServer.StartAsync();
        var folder = await PrepareAsync(server);

        var refused = await Assert.ThrowsAsync<MeshException>(() => server.Packages().GetAsync(
            new PackageRequest(MeshVersion.Parse("1.24.0-asm.1"), folder, folder), Token));

        Assert.Equal("PACKAGE_VERSION_MISMATCH", refused.Reason);
    }

    [Fact]
    public async Task Get_AfterManifestsWereKept_IsStillTheSamePackage()
    {
        await using var server = await PackageServer.StartAsync();
        var folder = await PrepareAsync(server);
        var first = await server.Packages().GetAsync(Wanted with { Release = folder, Configuration = folder }, Token);

        PackageOutput.WriteManifests(folder, "asm-1233-2", "spec: {}", "kind: Service");
        var second = await server.Packages().GetAsync(Wanted with { Release = folder, Configuration = folder }, Token);

        Assert.Equal(first.Digest, second.Digest);
    }

    [Fact]
    public async Task Pack_Twice_IsTheSameFileAndAPackage()
    {
        await using var server = await PackageServer.StartAsync();
        var folder = await PrepareAsync(server);
        var archive = Path.Combine(server.Folder("archives"), "mesh.tar.gz");
        PackageArchive.Pack(folder, archive);
        var bytes = await System.IO.File.ReadAllBytesAsync(archive, Token);

        PackageArchive.Pack(folder, archive);
        var package = await server.Packages().GetAsync(Wanted with { Release = archive, Configuration = archive }, Token);

        Assert.Equal(bytes, await System.IO.File.ReadAllBytesAsync(archive, Token));
        Assert.True(System.IO.File.Exists(package.Istioctl));
        Assert.True(OperatingSystem.IsWindows() || (System.IO.File.GetUnixFileMode(package.Istioctl) & UnixFileMode.UserExecute) != 0);
        Assert.True(System.IO.File.Exists(package.OptionFile("stackdriver")));
    }

    private static async Task<string> PrepareAsync(PackageServer server)
    {
        var folder = server.Folder("prepared");
        PackageOutput.Write(await server.Packages().GetAsync(Wanted, Token), folder);
        return folder;
    }

    private static Task<MeshException> RefusedAsync(PackageServer server, string folder) => Assert.ThrowsAsync<MeshException>(
        () => server.Packages().GetAsync(Wanted with { Release = folder, Configuration = folder }, Token));
}
