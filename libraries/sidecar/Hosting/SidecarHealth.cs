using MeshWorkflow.Sidecar.Storage;
using MeshWorkflow.Sidecar.Workflows;

namespace MeshWorkflow.Sidecar.Hosting;

/// <summary>Looks at every part.</summary>
internal sealed class SidecarHealth(Database database, WorkflowEngine engine, SidecarOptions options)
{
    private const long LittleRoom = 64L * 1024 * 1024;
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(5);

    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(options.StateFile)) ?? ".";

    /// <summary>Why nothing can be accepted, or null: it can.</summary>
    public string? Trouble => database.Trouble;

    /// <summary>How every part is, also those that others have to mend.</summary>
    public IReadOnlyList<PartHealth> Parts =>
    [
        new("storage", database.Trouble is null, database.Trouble ?? "commits and flushes"),
        Disk(),
        Dispatcher(),
        .. options.Apps.Select(Workers),
        Instances(),
    ];

    private PartHealth Disk()
    {
        var free = new DriveInfo(_folder).AvailableFreeSpace;
        return new PartHealth("disk", free >= LittleRoom, FormattableString.Invariant($"{free / 1024 / 1024} MiB are free under '{_folder}'"));
    }

    private PartHealth Dispatcher()
    {
        var next = engine.Runtime.Timers.Next;
        return next < options.Time.GetUtcNow() - Late
            ? new PartHealth("dispatcher", IsWell: false, $"a timer due at {next:u} has not fired")
            : new PartHealth("dispatcher", IsWell: true, "timers fire in time");
    }

    private PartHealth Workers(SidecarApp app)
    {
        var hub = engine.Runtime.Hubs[app.Id];
        var (open, waiting, since) = hub.Queue;
        return new PartHealth(
            $"workers of {app.Id}",
            waiting == 0,
            waiting == 0
                ? FormattableString.Invariant($"{hub.ConnectedWorkers} connected, {open} pieces of work under way")
                : FormattableString.Invariant($"{waiting} pieces of work wait since {since:u}; no worker is connected"));
    }

    private PartHealth Instances()
    {
        var stalled = database.Read(PendingRows.StalledCounts).Sum(app => app.Count);
        var active = engine.Runtime.Active;
        return active.IsFull
            ? new PartHealth("instances", IsWell: false, FormattableString.Invariant($"{active.Count} are active; more than {active.Limit} are not accepted"))
            : new PartHealth("instances", stalled == 0, FormattableString.Invariant($"{active.Count} are active, {stalled} of them stalled"));
    }
}

/// <summary>How one part is.</summary>
internal sealed record PartHealth(string Part, bool IsWell, string Detail);
