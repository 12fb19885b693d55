using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using MeshWorkflow.Steps.Failures;
using Microsoft.Extensions.Options;

namespace MeshWorkflow.MeshPackage.Archives;

/// <summary>
/// Archives, from an address, a file or a folder: downloaded once, compared with their digest, unpacked beside it. Work goes on in
/// the background while callers come and go.
/// </summary>
/// <param name="options">Where they are kept.</param>
/// <param name="time">The clock.</param>
public sealed class ArchiveStore(IOptions<PackageOptions> options, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<(string Address, string? Digest, bool IsKept), Job> _jobs = new();
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Gets an archive's contents.</summary>
    /// <param name="address">Where it is: http(s), a file or a folder.</param>
    /// <param name="digest">Its SHA-256; null: as the lock file has it, or what it is at first use.</param>
    /// <param name="isKept">Whether the archive itself is wanted, too. A folder has none.</param>
    /// <param name="cancellationToken">Stops the wait, not the work.</param>
    /// <returns>The contents.</returns>
    /// <exception cref="WaitException">It isn't here yet.</exception>
    /// <exception cref="MeshException">It can't be used: <c>PACKAGE_…</c>.</exception>
    public async Task<ArchiveContents> GetAsync(string address, string? digest, bool isKept, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        var wanted = digest is { Length: > 0 } ? digest.ToLowerInvariant() : null;
        var key = (address, wanted, isKept);
        var job = _jobs.GetOrAdd(key, _ => new Job());
        var work = job.Start(() => Task.Run(() => MakeAsync(address, wanted, isKept, job), CancellationToken.None));
        try
        {
            return await work.WaitAsync(options.Value.Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new WaitException($"the mesh package is being fetched from {address}: {job.Progress()}");
        }
        finally
        {
            // What failed is tried anew by the next caller; what lies there is looked at anew, for it may have been removed.
            if (work.IsCompleted)
            {
                _jobs.TryRemove(KeyValuePair.Create(key, job));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<ArchiveContents> MakeAsync(string address, string? wanted, bool isKept, Job job)
    {
        try
        {
            var locks = new PackageLock(options.Value.LockPath);
            var expected = wanted ?? locks.Find(address);
            return Take(locks, address, expected, await FindAsync(address, expected, isKept, job));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new MeshException(
                "PACKAGE_NOT_KEPT",
                $"{address} can't be kept here: {exception.Message}",
                "Make room, or say where there is some (MeshPackage:Cache); the folder must be this account's to write in.");
        }
    }

    private async Task<ArchiveContents> FindAsync(string address, string? expected, bool isKept, Job job)
    {
        if (LocalPath(address) is { } local && Directory.Exists(local))
        {
            return new ArchiveContents(local, FolderDigest.Of(local), address);
        }

        var contents = Path.Combine(options.Value.Cache, "contents");
        if (!isKept && expected is not null && Directory.Exists(Path.Combine(contents, expected)))
        {
            return new ArchiveContents(Path.Combine(contents, expected), expected, address);
        }

        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address)))[..16];
        var archives = Directory.CreateDirectory(Path.Combine(options.Value.Cache, "archives")).FullName;
        await using var turn = FolderTurn.Take(Path.Combine(archives, $"{name}.lock"), $"another process fetches the mesh package from {address}");
        var path = Path.Combine(archives, $"{name}.tar.gz");
        var isKeptAfterwards = isKept || File.Exists(path);
        var archive = await ArchiveAsync(address, path, job);
        var isDone = false;
        try
        {
            var found = await DigestAsync(archive);
            if (expected is not null && found != expected)
            {
                throw Mismatch(address, expected, found);
            }

            var folder = Path.Combine(contents, found);
            if (!Directory.Exists(folder))
            {
                await UnpackAsync(address, archive, folder, name);
            }

            isDone = true;
            return new ArchiveContents(folder, found, address, isKept ? archive : null);
        }
        finally
        {
            if (!isDone || !isKeptAfterwards)
            {
                Discard(address, archive);
            }
        }
    }

    private static ArchiveContents Take(PackageLock locks, string address, string? expected, ArchiveContents contents)
    {
        if (expected is not null && expected != contents.Digest)
        {
            throw Mismatch(address, expected, contents.Digest);
        }

        locks.Record(address, contents.Digest);
        return contents;
    }

    private static MeshException Mismatch(string address, string expected, string found) => new(
        "PACKAGE_DIGEST_MISMATCH",
        $"{address} has the SHA-256 {found}, not {expected}.",
        "Somebody has changed it, or the request or package.lock has another one's digest. Find out which before you go on.");

    private static string? LocalPath(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri)
        ? uri.IsFile ? uri.LocalPath : null
        : Path.GetFullPath(address);

    private async Task<string> ArchiveAsync(string address, string path, Job job)
    {
        if (LocalPath(address) is { } local)
        {
            return File.Exists(local)
                ? local
                : throw new MeshException("PACKAGE_UNAVAILABLE", $"There is no archive or folder '{address}'.", "Check the path.");
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new MeshException("PACKAGE_UNAVAILABLE", $"'{address}' is no address that a package can be fetched from.", "Use https.");
        }

        if (!File.Exists(path))
        {
            var download = new Download(_http, uri, path, options.Value, time);
            job.Progress = () => download.Progress;
            await download.RunAsync();
        }

        return path;
    }

    // A folder of our own is not kept twice.
    private static void Discard(string address, string archive)
    {
        if (LocalPath(address) is null)
        {
            File.Delete(archive);
        }
    }

    private static async Task<string> DigestAsync(string path)
    {
        await using var file = GivenFile.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file));
    }

    private async Task UnpackAsync(string address, string archive, string folder, string name)
    {
        // Of this address alone: another process may have the same archive from elsewhere.
        var half = $"{folder}.{name}.half";
        if (Directory.Exists(half))
        {
            Directory.Delete(half, recursive: true);
        }

        Directory.CreateDirectory(half);
        try
        {
            await using var file = File.OpenRead(archive);
            await new Unpacking(address, half, options.Value).RunAsync(file);
            Directory.Move(half, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // Whoever was first has the same in it.
            Directory.Delete(half, recursive: true);
        }
        catch
        {
            Directory.Delete(half, recursive: true);
            throw;
        }
    }

    private sealed class Job
    {
        private readonly Lock _gate = new();
        private Task<ArchiveContents>? _work;

        public Func<string> Progress { get; set; } = () => "checking";

        public Task<ArchiveContents> Start(Func<Task<ArchiveContents>> work)
        {
            lock (_gate)
            {
                return _work ??= work();
            }
        }
    }
}

/// <summary>The contents of an archive.</summary>
/// <param name="Folder">Where they lie.</param>
/// <param name="Digest">The SHA-256 of the archive, or over the folder.</param>
/// <param name="Address">Where they came from.</param>
/// <param name="Archive">The archive itself, where it was asked for.</param>
public sealed record ArchiveContents(string Folder, string Digest, string Address, string? Archive = null);
