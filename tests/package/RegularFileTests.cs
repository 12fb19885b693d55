using System.Net.Sockets;
using MeshWorkflow.MeshPackage;
using MeshWorkflow.MeshPackage.Contents;
using MeshWorkflow.NamedFiles;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Tests.Package;

/// <summary>What is no regular file is refused before it is opened; a package that has such a thing in it, by its name.</summary>
public sealed class RegularFileTests : IDisposable
{
    private static readonly PackageRequest Wanted = new(MeshVersion.Parse("1.23.3-asm.2"));
    private readonly string _folder = Directory.CreateTempSubdirectory("meshwf-regular-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("pipe", "a named pipe")]
    [InlineData("link to a pipe", "a named pipe")]
    [InlineData("socket", "a socket")]
    [InlineData("device", "a device")]
    [InlineData("folder", "a folder")]
    public async Task OpenRead_NoRegularFile_IsRefusedAndNotOpened(string what, string kind)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var path = Path.Combine(_folder, "it");
        switch (what)
        {
            case "pipe":
                NamedPipe.At(path);
                break;
            case "link to a pipe":
                File.CreateSymbolicLink(path, NamedPipe.At(Path.Combine(_folder, "pipe")));
                break;
            case "socket":
                socket.Bind(new UnixDomainSocketEndPoint(path));
                break;
            default:
                path = what == "device" ? "/dev/zero" : _folder;
                break;
        }

        var refused = await Assert.ThrowsAsync<NotRegularFileException>(
            () => Task.Run(() => RegularFile.OpenRead(path), Token).WaitAsync(NamedPipe.AtOnce, TimeProvider.System, Token));

        Assert.Equal(kind, refused.Kind);
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenRead_FileOrLinkToOne_IsRead()
    {
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "text", Token);
        var link = Path.Combine(_folder, "link");
        File.CreateSymbolicLink(link, file);

        using var content = new StreamReader(RegularFile.OpenRead(link));

        Assert.Equal("text", await content.ReadToEndAsync(Token));
        Assert.Equal("text", await RegularFile.ReadTextAsync(file, Token));
        Assert.Throws<FileNotFoundException>(() => RegularFile.OpenRead(Path.Combine(_folder, "none")));
    }

    [Theory]
    [InlineData("mesh-package.json")]
    [InlineData("asm/canonical-service/controller.yaml")]
    [InlineData("asm/istio/options/mine.yaml")]
    public async Task Get_FolderWithANamedPipe_IsRefusedByItsName(string name)
    {
        await using var server = await PackageServer.StartAsync();
        var folder = server.Folder("prepared");
        PackageOutput.Write(await server.Packages().GetAsync(Wanted, Token), folder);

        // With its list only what is on it is read, and what is not on it refused; without, all of it.
        File.Delete(Path.Combine(folder, name));
        if (name.StartsWith("asm/istio", StringComparison.Ordinal))
        {
            File.Delete(Path.Combine(folder, PackageManifest.FileName));
        }

        var pipe = NamedPipe.At(Path.Combine(folder, name));

        await RefusedAsync(server, folder, pipe);
    }

    [Fact]
    public async Task Get_ArchiveThatIsANamedPipe_IsRefusedByItsName()
    {
        await using var server = await PackageServer.StartAsync();
        var pipe = NamedPipe.At(Path.Combine(_folder, "mesh.tar.gz"));

        await RefusedAsync(server, pipe, pipe);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task RefusedAsync(PackageServer server, string package, string pipe)
    {
        var refused = await Assert.ThrowsAsync<MeshException>(() => Task
            .Run(() => server.Packages().GetAsync(Wanted with { Release = package, Configuration = package }, Token), Token)
            .WaitAsync(NamedPipe.AtOnce, TimeProvider.System, Token));

        Assert.Equal("PACKAGE_UNSAFE", refused.Reason);
        Assert.Contains($"{pipe} is a named pipe", refused.Message, StringComparison.Ordinal);
    }
}
