using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using MeshWorkflow.MeshPackage;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Tests.Package;

/// <summary>Row S03: what an archive may not have in it. Nothing of such a one is kept, and nothing is written outside the cache.</summary>
public sealed class UnpackingTests
{
    private const string Operator = "asm/istio/istio-operator.yaml";
    private static readonly PackageRequest Wanted = new(MeshVersion.Parse("1.23.3-asm.2"));

    public static TheoryData<string, string, string> Unsafe { get; } = new()
    {
        { "file ../../evil", "../../evil", "has '..' in its name" },
        { "file asm/../../evil", "asm/../../evil", "has '..' in its name" },
        { "file /tmp/evil", "/tmp/evil", "has an absolute name" },
        { "file asm\\evil", "asm\\evil", "has a name with a backslash" },
        { "file asm/a\u001bb", "asm/a?b", "control character" },
        { "file a, file a", "a", "has the name of an entry before it" },
        { "file a, file ./a", "a", "has the name of an entry before it" },
        { "folder a, file a", "a", "has the name of an entry before it" },
        { "file a, folder a", "a", "needs 'a' as a folder" },
        { "file a, file a/b", "a/b", "needs 'a' as a folder" },
        { "link a asm, file a/b", "a/b", "needs 'a' as a folder" },
        { "link a /etc/passwd", "a", "not relative" },
        { "link a ../evil", "a", "out of the folder" },
        { "folder asm, link asm/a ../../evil", "asm/a", "out of the folder" },
        { "link a nothing", "a", "is a link to 'nothing', which is not in the archive" },
        { "folder b, link a b, link c a/..", "c", "by way of another link" },
        { "hard a /etc/passwd", "a", "not relative" },
        { "hard a ../evil", "a", "out of the folder" },
        { "hard a later, file later", "a", "which is no file before it" },
        { "block a", "a", "is a BlockDevice" },
        { "char a", "a", "is a CharacterDevice" },
        { "fifo a", "a", "is a Fifo" },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Unsafe))]
    public async Task Get_UnsafeEntry_IsRefusedByItsNameAndNothingIsKept(string entries, string name, string why)
    {
        await using var server = await PackageServer.StartAsync();
        server.Configuration = Archive([$"file {Operator}", .. entries.Split(", ")]);

        var refused = await Assert.ThrowsAsync<MeshException>(() => server.Packages().GetAsync(Wanted, Token));

        Assert.Equal("PACKAGE_UNSAFE", refused.Reason);
        Assert.Contains($"/configuration is not unpacked: its entry '{name}'", refused.Message, StringComparison.Ordinal);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(server.Cache, "*evil*", SearchOption.AllDirectories));
        Assert.Single(Directory.EnumerateDirectories(Path.Combine(server.Cache, "contents")));
    }

    [Fact]
    public async Task Get_LinksThatStayInside_AreMadeAndNobodyElseMayWrite()
    {
        await using var server = await PackageServer.StartAsync();
        server.Configuration = Archive([
            $"file {Operator}", "file asm/Kptfile", "folder asm/istio/options", "file asm/canonical-service/controller.yaml",
            "link asm/istio/link ../Kptfile", "hard asm/copy asm/Kptfile",
        ]);

        var package = await server.Packages().GetAsync(Wanted, Token);

        var asm = Path.Combine(package.Configuration, "asm");
        Assert.Equal("asm/Kptfile", await File.ReadAllTextAsync(Path.Combine(asm, "istio/link"), Token));
        Assert.Equal("asm/Kptfile", await File.ReadAllTextAsync(Path.Combine(asm, "copy"), Token));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Path.Combine(asm, "Kptfile")) == (UnixFileMode)0b111_101_101);
    }

    [Theory]
    [InlineData("LargestContents")]
    [InlineData("MostEntries")]
    [InlineData("LargestArchive")]
    public async Task Get_MoreThanTheLimit_IsRefusedByTheSetting(string setting)
    {
        await using var server = await PackageServer.StartAsync();
        await server.Packages().GetAsync(Wanted, Token);
        server.Configuration = setting == "MostEntries" ? Archive([.. Enumerable.Range(0, 200).Select(i => $"file f{i}")]) : Bomb();
        server.Options.MostEntries = 150;
        server.Options.LargestContents = 4 << 20;
        server.Options.LargestArchive = setting == "LargestArchive" ? 1_000 : server.Options.LargestArchive;

        // Another query: another archive.
        var refused = await Assert.ThrowsAsync<MeshException>(() =>
            server.Packages().GetAsync(Wanted with { Configuration = $"{server.Options.Configuration}?other" }, Token));

        Assert.Equal("PACKAGE_TOO_LARGE", refused.Reason);
        Assert.Contains($"MeshPackage:{setting}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, Directory.EnumerateDirectories(Path.Combine(server.Cache, "contents")).Count());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(server.Cache, "archives"), "*.tar.gz*"));
    }

    [Fact]
    public async Task Get_CopiesOfOneFile_CountAgainstTheLimit()
    {
        await using var server = await PackageServer.StartAsync();
        server.Options.LargestContents = 60_000_000;
        server.Configuration = Bomb(hardLinks: 20);

        var refused = await Assert.ThrowsAsync<MeshException>(() => server.Packages().GetAsync(Wanted, Token));

        Assert.Equal("PACKAGE_TOO_LARGE", refused.Reason);
    }

    [Fact]
    public async Task Get_NoRoomToKeepIt_SaysSo()
    {
        await using var server = await PackageServer.StartAsync();
        Directory.CreateDirectory(server.Cache);
        await File.WriteAllTextAsync(Path.Combine(server.Cache, "archives"), "a file where a folder must be", Token);

        var refused = await Assert.ThrowsAsync<MeshException>(() => server.Packages().GetAsync(Wanted, Token));

        Assert.Equal("PACKAGE_NOT_KEPT", refused.Reason);
        Assert.Contains("MeshPackage:Cache", refused.Hint, StringComparison.Ordinal);
    }

    // Each entry is "kind name [target]"; a file has its name in it.
    private static byte[] Archive(IEnumerable<string> entries) => Pack(tar =>
    {
        foreach (var parts in entries.Select(entry => entry.Split(' ')))
        {
            var entry = new PaxTarEntry(KindOf(parts[0]), parts[1]) { Mode = (UnixFileMode)0b111_111_111 | UnixFileMode.SetUser };
            if (parts is [_, _, var target])
            {
                entry.LinkName = target;
            }
            else if (parts[0] == "file")
            {
                entry.DataStream = new MemoryStream(Encoding.UTF8.GetBytes(parts[1]));
            }

            tar.WriteEntry(entry);
        }
    });

    private static byte[] Bomb(int hardLinks = 0) => Pack(tar =>
    {
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "zeros") { DataStream = new MemoryStream(new byte[5 << 20]) });
        for (var i = 0; i < hardLinks; i++)
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.HardLink, $"copy{i}") { LinkName = "zeros" });
        }
    });

    private static byte[] Pack(Action<TarWriter> write)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(gzip))
        {
            write(tar);
        }

        return packed.ToArray();
    }

    private static TarEntryType KindOf(string word) => word switch
    {
        "file" => TarEntryType.RegularFile,
        "folder" => TarEntryType.Directory,
        "link" => TarEntryType.SymbolicLink,
        "hard" => TarEntryType.HardLink,
        "block" => TarEntryType.BlockDevice,
        "char" => TarEntryType.CharacterDevice,
        "fifo" => TarEntryType.Fifo,
        _ => throw new ArgumentOutOfRangeException(nameof(word), word, "no kind"),
    };
}
