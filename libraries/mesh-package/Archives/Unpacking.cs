using System.Formats.Tar;
using System.IO.Compression;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.MeshPackage.Archives;

/// <summary>
/// Unpacks an archive (tar.gz) whose sender is not trusted: files, folders and links that stay inside, each name once, and no more of
/// them than the limits say. Links are made last, so that nothing is written through one.
/// </summary>
internal sealed class Unpacking(string address, string folder, PackageOptions limits)
{
    // Nobody but its owner may change what is unpacked; no set-user-id.
    private const UnixFileMode Modes = (UnixFileMode)0b111_101_101;
    private const UnixFileMode Least = (UnixFileMode)0b110_100_100;

    private static readonly StringComparer Names = OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    private readonly HashSet<string> _files = new(Names);
    private readonly HashSet<string> _folders = new(Names) { "" };
    private readonly Dictionary<string, string> _links = new(Names);
    private long _copied;

    /// <exception cref="MeshException">It can't be unpacked, and which entry is to blame: <c>PACKAGE_…</c>.</exception>
    public async Task RunAsync(Stream archive)
    {
        try
        {
            await using var gzip = new GZipStream(archive, CompressionMode.Decompress, leaveOpen: true);
            await using var limited = new LimitedStream(gzip, limits.LargestContents, () => TooLarge(Contents));
            await using var tar = new TarReader(limited, leaveOpen: true);
            while (await tar.GetNextEntryAsync() is { } entry)
            {
                await TakeAsync(entry);
            }

            foreach (var (name, target) in _links)
            {
                MakeLink(name, target);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or FormatException or EndOfStreamException)
        {
            throw new MeshException(
                "PACKAGE_CORRUPT",
                $"{address} is no complete tar.gz archive: {exception.Message}",
                "Fetch it again; if it stays so, the server has a broken one.");
        }
    }

    private async Task TakeAsync(TarEntry entry)
    {
        if (entry.EntryType is TarEntryType.GlobalExtendedAttributes)
        {
            return;
        }

        var name = NameOf(entry.Name);
        if (_files.Count + _folders.Count + _links.Count > limits.MostEntries)
        {
            throw TooLarge(FormattableString.Invariant($"{limits.MostEntries} entries (MeshPackage:MostEntries)"));
        }

        if (entry.EntryType is TarEntryType.Directory)
        {
            TakeFolder(name, name);
            return;
        }

        if (name.Length == 0 || _folders.Contains(name) || _files.Contains(name) || _links.ContainsKey(name))
        {
            throw Unsafe(name, "has the name of an entry before it");
        }

        TakeFolder(Parent(name), name);
        switch (entry.EntryType)
        {
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                await WriteAsync(entry, name);
                break;
            case TarEntryType.SymbolicLink:
                _links[name] = entry.LinkName;
                break;
            case TarEntryType.HardLink:
                CopyLinked(entry, name);
                break;
            default:
                throw Unsafe(name, $"is a {entry.EntryType}, not a file, folder or link");
        }
    }

    private string NameOf(string name)
    {
        if (name.Any(sign => sign == '\\' || char.IsControl(sign)) || (OperatingSystem.IsWindows() && name.Contains(':', StringComparison.Ordinal)))
        {
            throw Unsafe(name, "has a name with a backslash, a drive or a control character");
        }

        if (name.StartsWith('/'))
        {
            throw Unsafe(name, "has an absolute name");
        }

        var parts = name.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").ToList();
        return parts.Contains("..") ? throw Unsafe(name, "has '..' in its name") : string.Join('/', parts);
    }

    private void TakeFolder(string folderName, string name)
    {
        for (var at = folderName; at.Length > 0 && !_folders.Contains(at); at = Parent(at))
        {
            if (_files.Contains(at) || _links.ContainsKey(at))
            {
                throw Unsafe(name, $"needs '{at}' as a folder, which is none");
            }
        }

        for (var at = folderName; at.Length > 0 && _folders.Add(at);)
        {
            at = Parent(at);
        }

        Directory.CreateDirectory(In(folderName));
    }

    private async Task WriteAsync(TarEntry entry, string name)
    {
        await using var file = new FileStream(In(name), FileMode.CreateNew, FileAccess.Write, FileShare.None);
        if (entry.DataStream is { } content)
        {
            await content.CopyToAsync(file);
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(In(name), (entry.Mode & Modes) | Least);
        }

        _files.Add(name);
    }

    private void CopyLinked(TarEntry entry, string name)
    {
        if (Walk(name, entry.LinkName, from: "") is var target && !_files.Contains(target))
        {
            throw Unsafe(name, $"is a link to '{entry.LinkName}', which is no file before it");
        }

        // A copy: two names of one file would change together. Copies count, for they need no room in the archive.
        _copied += new FileInfo(In(target)).Length;
        if (_copied > limits.LargestContents)
        {
            throw TooLarge(Contents);
        }

        File.Copy(In(target), In(name));
        _files.Add(name);
    }

    private void MakeLink(string name, string target)
    {
        var end = Walk(name, target, Parent(name));
        if (!_files.Contains(end) && !_folders.Contains(end))
        {
            throw Unsafe(name, $"is a link to '{target}', which is not in the archive");
        }

        File.CreateSymbolicLink(In(name), target);
    }

    // Where a link leads, by folders alone: through another link it could lead anywhere.
    private string Walk(string name, string target, string from)
    {
        if (target.StartsWith('/') || target.Contains('\\', StringComparison.Ordinal))
        {
            throw Unsafe(name, $"is a link to '{target}', which is not relative");
        }

        var at = from;
        foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != "."))
        {
            if (part == ".." && at.Length == 0)
            {
                throw Unsafe(name, $"is a link to '{target}', out of the folder");
            }

            at = part == ".." ? Parent(at) : at.Length == 0 ? part : $"{at}/{part}";
            if (_links.ContainsKey(at))
            {
                throw Unsafe(name, $"is a link to '{target}', by way of another link");
            }
        }

        return at;
    }

    private string In(string name) => Path.Combine(folder, name.Replace('/', Path.DirectorySeparatorChar));

    private static string Parent(string name) => name.LastIndexOf('/') is >= 0 and var end ? name[..end] : "";

    private MeshException Unsafe(string name, string why) => new(
        "PACKAGE_UNSAFE",
        $"{address} is not unpacked: its entry '{Shown(name)}' {why}.",
        "Such an archive is nobody's mesh package. Find out who made it before you take another from there.");

    private MeshException TooLarge(string limit) => new(
        "PACKAGE_TOO_LARGE",
        $"{address} is not unpacked: it has more in it than {limit}.",
        "Check the address; if it is what you want, raise that setting.");

    private string Contents => FormattableString.Invariant($"{limits.LargestContents} bytes (MeshPackage:LargestContents)");

    private static string Shown(string name) => string.Concat(name.Take(200).Select(sign => char.IsControl(sign) ? '?' : sign));
}
