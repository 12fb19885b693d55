using MeshWorkflow.MeshPackage;
using MeshWorkflow.MeshPackage.Contents;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Tests.Package;

/// <summary>Row S03: packages that were prepared for where nothing can be downloaded.</summary>
public sealed class PreparedTests
{
    private const string File = "asm/canonical-service/controller.yaml";
    private const string OfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
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

    [Theory]
    [InlineData("asm/istio/options/other.yaml")]
    [InlineData("samples/gateways/istio-ingressgateway/other.yaml")]
    [InlineData("istio-1.23.3-asm.2/manifests/other.yaml")]
    [InlineData("istio-1.23.3-asm.2/bin/other")]
    public async Task Get_FileOneTooMany_IsRefusedByItsName(string path)
    {
        await using var server = await PackageServer.StartAsync();
        var folder = await PrepareAsync(server);
        await System.IO.File.WriteAllTextAsync(Path.Combine(folder, path), "other", Token);

        var refused = await RefusedAsync(server, folder);

        Assert.Equal("PACKAGE_CORRUPT", refused.Reason);
        Assert.Contains($"does not name: {path}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_AfterKeysWereMadeThere_LeavesThemOutOfThePackage()
    {
        await using var server = await PackageServer.StartAsync();
        var folder = await PrepareAsync(server);
        var key = Path.Combine(folder, "istio-1.23.3-asm.2/certs/root-key.pem");
        Directory.CreateDirectory(Path.GetDirectoryName(key)!);
        await System.IO.File.WriteAllTextAsync(key, "secret", Token);
        var package = await server.Packages().GetAsync(Wanted with { Release = folder, Configuration = folder }, Token);

        PackageOutput.Write(package, folder);
        PackageOutput.Write(package, server.Folder("other"));

        Assert.Equal("secret", await System.IO.File.ReadAllTextAsync(key, Token));
        Assert.DoesNotContain(PackageManifest.Read(folder)!.Files, file => file.Path.Contains("certs/root", StringComparison.Ordinal));
        Assert.DoesNotContain(PackageManifest.Read(server.Folder("other"))!.Files, file => file.Path.Contains("root-key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Write_OverAnEarlierPackage_TakesAwayWhatThatPutThere()
    {
        await using var server = await PackageServer.StartAsync();
        var folder = await PrepareAsync(server);
        var manifest = await System.IO.File.ReadAllTextAsync(Path.Combine(folder, PackageManifest.FileName), Token);
        await System.IO.File.WriteAllTextAsync(Path.Combine(folder, "asm/old.yaml"), "", Token);
        await System.IO.File.WriteAllTextAsync(Path.Combine(folder, "asm/changed.yaml"), "", Token);
        await System.IO.File.WriteAllTextAsync(
            Path.Combine(folder, PackageManifest.FileName),
            manifest.Replace("\"files\": [", $$"""
                "files": [{ "path": "asm/old.yaml", "sha256": "{{OfNothing}}" }, { "path": "asm/changed.yaml", "sha256": "0" },
                """, StringComparison.Ordinal),
            Token);

        await PrepareAsync(server);

        Assert.False(System.IO.File.Exists(Path.Combine(folder, "asm/old.yaml")));
        Assert.Contains("asm/changed.yaml", (await RefusedAsync(server, folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_WhatBrokeOff_IsRefusedUntilItIsBuiltAgain()
    {
        await using var server = await PackageServer.StartAsync();
        var folder = await PrepareAsync(server);
        await System.IO.File.WriteAllTextAsync(Path.Combine(folder, PackageManifest.UnfinishedFile), "", Token);

        var refused = await RefusedAsync(server, folder);
        await PrepareAsync(server);
        await server.Packages().GetAsync(Wanted with { Release = folder, Configuration = folder }, Token);

        Assert.Equal("PACKAGE_INCOMPLETE", refused.Reason);
        Assert.Contains("is not all there", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_WhileAnotherWrites_Waits()
    {
        await using var server = await PackageServer.StartAsync();
        var folder = await PrepareAsync(server);
        await using var other = new FileStream(Path.Combine(folder, ".mesh-package.lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        var waits = await Assert.ThrowsAsync<WaitException>(() => PrepareAsync(server));

        Assert.Contains("another process puts a mesh package into", waits.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_WithArchives_KeepsThemAsTheyCame()
    {
        await using var server = await PackageServer.StartAsync();
        var folder = server.Folder("prepared");

        PackageOutput.Write(await server.Packages().GetAsync(Wanted with { KeepsArchives = true }, Token), folder);
        await PrepareAsync(server);
        var manifest = PackageManifest.Read(folder)!;
        var archives = manifest.Files.Where(file => file.Path.StartsWith("archives/", StringComparison.Ordinal)).ToList();
        var package = await server.Packages().GetAsync(
            Wanted with { Release = Path.Combine(folder, archives[1].Path), Configuration = Path.Combine(folder, archives[0].Path) }, Token);

        Assert.Equal(["archives/asm-1.23.3-asm.2+config1.tar.gz", "archives/istio-1.23.3-asm.2-any.tar.gz"], archives.Select(file => file.Path));
        Assert.Equal(manifest.Sources.Select(source => source.Sha256), archives.Select(file => file.Sha256).Reverse());
        Assert.Equal(manifest.Sources.Select(source => source.Sha256), package.Sources.Select(source => source.Sha256));
    }

    [Fact]
    public async Task Get_TwoReleasesInOneFolder_TakesTheOneThatIsAskedFor()
    {
        await using var server = await PackageServer.StartAsync();
        var folder = await PrepareAsync(server);
        var older = Path.Combine(folder, "istio-1.20.0-asm.1/bin/istioctl");
        Directory.CreateDirectory(Path.GetDirectoryName(older)!);
        await System.IO.File.WriteAllTextAsync(older, "#!/bin/sh", Token);

        var package = await server.Packages().GetAsync(Wanted with { Release = folder, Configuration = folder }, Token);

        Assert.Equal(Path.Combine(folder, "istio-1.23.3-asm.2"), package.Release.TrimEnd('/'));
    }

    [Fact]
    public async Task Get_ReleaseOfOtherVersion_IsRefused()
    {
        await using var server = await PackageServer.StartAsync();
        var folder = await PrepareAsync(server);
        System.IO.File.Delete(Path.Combine(folder, PackageManifest.FileName));
        await System.IO.File.WriteAllTextAsync(Path.Combine(folder, "istio-1.23.3-asm.2/manifest.yaml"), "version: 1.22.0-asm.1\n", Token);

        var refused = await RefusedAsync(server, folder);

        Assert.Equal("PACKAGE_VERSION_MISMATCH", refused.Reason);
        Assert.Contains("1.22.0-asm.1, not 1.23.3-asm.2", refused.Message, StringComparison.Ordinal);
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
