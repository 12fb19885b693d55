using System.Formats.Tar;
using System.IO.Compression;
using MeshWorkflow.MeshPackage;
using MeshWorkflow.MeshPackage.Contents;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Tests.Package;

public sealed class PackagesTests
{
    private static readonly PackageRequest Wanted = new(MeshVersion.Parse("1.23.3-asm.2"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_FirstUse_RecordsDigestsInLockFile()
    {
        await using var server = await PackageServer.StartAsync();

        var package = await server.Packages().GetAsync(Wanted, Token);

        Assert.True(File.Exists(package.Istioctl));
        var locked = await File.ReadAllLinesAsync(Path.Combine(server.Cache, "package.lock"), Token);
        Assert.Equal(2, locked.Length);
        Assert.Contains(locked, line => line.EndsWith("/release", StringComparison.Ordinal) && package.Digest.StartsWith(line[..64], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Get_SecondTime_DownloadsNothing()
    {
        await using var server = await PackageServer.StartAsync();
        await server.Packages().GetAsync(Wanted, Token);
        var before = server.Ranges.Count;

        await server.Packages().GetAsync(Wanted, Token);

        Assert.Equal(before, server.Ranges.Count);
    }

    [Fact]
    public async Task Get_DownloadBrokeOff_GoesOnWhereItStopped()
    {
        await using var server = await PackageServer.StartAsync();
        server.BreakAfter = 5_000;

        var getting = server.Packages().GetAsync(Wanted, Token);
        await server.BreakOffAsync(5_000);
        var first = await Assert.ThrowsAsync<WaitException>(() => getting);
        var package = await server.Packages().GetAsync(Wanted, Token);

        Assert.Contains("broke off", first.Message, StringComparison.Ordinal);
        Assert.StartsWith("bytes=5000-", server.Ranges[1], StringComparison.Ordinal);
        Assert.True(File.Exists(package.Istioctl));
    }

    [Fact]
    public async Task Get_ServerStandsStill_GoesOnWhereItStopped()
    {
        await using var server = await PackageServer.StartAsync();
        server.Options.IdleTimeout = TimeSpan.FromMilliseconds(300);
        server.BreakAfter = 5_000;

        var stood = await Assert.ThrowsAsync<WaitException>(() => server.Packages().GetAsync(Wanted, Token));
        await server.Packages().GetAsync(Wanted, Token);

        Assert.Contains("nothing came for 0.3 s", stood.Message, StringComparison.Ordinal);
        Assert.StartsWith("bytes=5000-", server.Ranges[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_TwoStoresAtOnce_FetchOnceAndBothHaveIt()
    {
        await using var server = await PackageServer.StartAsync();
        server.BreakAfter = 5_000;
        var first = server.Packages().GetAsync(Wanted, Token);
        await server.ReceivedAsync(5_000);

        var second = await Assert.ThrowsAsync<WaitException>(() => server.Packages().GetAsync(Wanted, Token));
        await server.BreakOffAsync(5_000);
        await Assert.ThrowsAsync<WaitException>(() => first);
        var packages = await Task.WhenAll(server.Packages().GetPatientlyAsync(Wanted), server.Packages().GetPatientlyAsync(Wanted));

        Assert.Contains("another process fetches", second.Message, StringComparison.Ordinal);
        Assert.Equal(packages[0].Digest, packages[1].Digest);
        Assert.Equal(3, server.Ranges.Count);
        Assert.Equal(2, (await File.ReadAllLinesAsync(Path.Combine(server.Cache, "package.lock"), Token)).Length);
    }

    [Fact]
    public async Task Get_UnpackingBrokeOff_BeginsItAnew()
    {
        await using var server = await PackageServer.StartAsync();
        var digest = (await server.Packages().GetAsync(Wanted, Token)).Sources[1].Sha256;
        var contents = Path.Combine(server.Cache, "contents");
        var half = Path.Combine(contents, $"{digest}.{Half(server.Options.Configuration)}.half");
        Directory.Move(Path.Combine(contents, digest), half);
        await File.WriteAllTextAsync(Path.Combine(half, "left"), "by a process that was killed", Token);

        var package = await server.Packages().GetAsync(Wanted, Token);

        Assert.False(Directory.Exists(half));
        Assert.Empty(Directory.EnumerateFiles(package.Configuration, "left", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("linux-arm64", 183)]
    [InlineData("linux-amd64", 62)]
    public async Task Get_PackageOfOtherPlatform_IsRefusedByBothNames(string platform, byte machine)
    {
        await using var server = await PackageServer.StartAsync();
        var folder = server.Folder("other");
        PackageOutput.Write(await server.Packages().GetAsync(Wanted, Token), folder);
        File.Delete(Path.Combine(folder, PackageManifest.FileName));
        await File.WriteAllBytesAsync(
            Path.Combine(folder, "istio-1.23.3-asm.2/bin/istioctl"),
            [0x7f, .. "ELF"u8, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, machine, 0],
            Token);

        var wanted = platform == PackagePlatform.Here ? "osx" : null;
        var refused = await Assert.ThrowsAsync<MeshException>(() =>
            server.Packages().GetAsync(Wanted with { Release = folder, Configuration = folder, Platform = wanted }, Token));

        Assert.Equal("PACKAGE_PLATFORM_MISMATCH", refused.Reason);
        Assert.Contains($"is for {platform}, not for {wanted ?? PackagePlatform.Here}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_OtherPlatform_AsksForThatArchive()
    {
        await using var server = await PackageServer.StartAsync();
        server.Options.Release = server.Options.Release.Replace("/release", "/{release}-{platform}", StringComparison.Ordinal);

        var refused = await Assert.ThrowsAsync<MeshException>(() => server.Packages().GetAsync(Wanted with { Platform = "osx" }, Token));

        Assert.Contains("/1.23.3-asm.2-osx answers 404", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_OtherDigestThanLocked_IsRefusedAndNothingIsUsed()
    {
        await using var server = await PackageServer.StartAsync();
        await server.Packages().GetAsync(Wanted, Token);
        Directory.Delete(Path.Combine(server.Cache, "contents"), recursive: true);
        server.Configuration = Archive(("asm/istio/istio-operator.yaml", "kind: Other"));

        var refused = await Assert.ThrowsAsync<MeshException>(() => server.Packages().GetAsync(Wanted, Token));

        Assert.Equal("PACKAGE_DIGEST_MISMATCH", refused.Reason);
        Assert.Contains("/configuration", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_OtherDigestThanRequested_IsRefused()
    {
        await using var server = await PackageServer.StartAsync();

        var refused = await Assert.ThrowsAsync<MeshException>(() =>
            server.Packages().GetAsync(Wanted with { ReleaseDigest = new string('0', 64) }, Token));

        Assert.Equal("PACKAGE_DIGEST_MISMATCH", refused.Reason);
    }

    [Fact]
    public async Task Get_Incomplete_IsRefusedByTheNameOfWhatIsMissing()
    {
        await using var server = await PackageServer.StartAsync();
        server.Configuration = Archive(("asm/istio/istio-operator.yaml", "kind: IstioOperator"), ("asm/Kptfile", "kind: Kptfile"));

        var refused = await Assert.ThrowsAsync<MeshException>(() => server.Packages().GetAsync(Wanted, Token));

        Assert.Equal("PACKAGE_INCOMPLETE", refused.Reason);
        Assert.Contains("asm/istio/options, asm/canonical-service/controller.yaml", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2_000)]
    public async Task Get_NoWholeArchive_IsRefusedAsCorruptAndFetchedAnewNextTime(int length)
    {
        await using var server = await PackageServer.StartAsync();
        var whole = server.Configuration;
        server.Configuration = length == 0 ? "no archive"u8.ToArray() : whole[..length];

        var refused = await Assert.ThrowsAsync<MeshException>(() => server.Packages().GetAsync(Wanted, Token));
        server.Configuration = whole;
        var package = await server.Packages().GetAsync(Wanted, Token);

        Assert.Equal("PACKAGE_CORRUPT", refused.Reason);
        Assert.True(File.Exists(package.OperatorFile));
    }

    [Fact]
    public async Task Get_FolderPreparedForOfflineUse_IsUsedAsItIs()
    {
        await using var server = await PackageServer.StartAsync();
        var folder = server.Folder("offline");
        PackageOutput.Write(await server.Packages().GetAsync(Wanted, Token), folder);
        var before = server.Ranges.Count;

        var package = await server.Packages().GetAsync(Wanted with { Release = folder, Configuration = folder }, Token);

        Assert.Equal(before, server.Ranges.Count);
        Assert.StartsWith(folder, package.Istioctl, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "istioctl")));
        Assert.Equal(6, package.IngressGatewayFiles().Count);
    }

    [Fact]
    public async Task Write_Twice_LeavesTheSame()
    {
        await using var server = await PackageServer.StartAsync();
        var package = await server.Packages().GetAsync(Wanted, Token);
        var folder = server.Folder("out");

        PackageOutput.Write(package, folder);
        var first = Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order().ToList();
        PackageOutput.Write(package, folder);

        Assert.Equal(first, Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order());
    }

    [Theory]
    [InlineData("1.23.3-asm.2", "asm-1233-2")]
    [InlineData("1.23.3-asm.2+config1", "asm-1233-2")]
    [InlineData("1.24.10-asm.11+config2", "asm-12410-11")]
    public void Revision_OfVersion_IsGooglesName(string version, string revision) =>
        Assert.Equal(revision, MeshVersion.Parse(version).Revision);

    [Theory]
    [InlineData("")]
    [InlineData("1.23.3")]
    [InlineData("1.23.3-asm.2/../x")]
    public void Parse_NoVersion_IsRefused(string text) =>
        Assert.Equal("VERSION_INVALID", Assert.Throws<MeshException>(() => MeshVersion.Parse(text)).Reason);

    private static string Half(string address) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(address)))[..16];

    private static byte[] Archive(params (string Name, string Content)[] files)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(gzip))
        {
            foreach (var (name, content) in files)
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name)
                {
                    DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content)),
                });
            }
        }

        return packed.ToArray();
    }
}
