using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;

namespace MeshWorkflow.Sidecar.Hosting;

/// <summary>How the embedded sidecar runs.</summary>
public sealed class SidecarOptions
{
    /// <summary>The SQLite file that everything durable is in. Made if absent, readable by its owner alone. One process at a time.</summary>
    public required string StateFile { get; init; }

    /// <summary>The apps that it serves; each has addresses of its own.</summary>
    public required IReadOnlyList<SidecarApp> Apps { get; init; }

    /// <summary>The key-value stores, by component name.</summary>
    public IReadOnlyList<SidecarStateStore> StateStores { get; init; } = [];

    /// <summary>The largest message, bytes; 4 MiB by default, as daprd's <c>--max-body-size</c>. A history near it stalls its instance.</summary>
    public int MaxMessageSize { get; init; } = 4 * 1024 * 1024;

    /// <summary>When activities are given to workers; after the commit by default. Answers always wait for the disk.</summary>
    public ActivityDispatch ActivityDispatch { get; init; }

    /// <summary>How much of everything there may be.</summary>
    public SidecarLimits Limits { get; init; } = new();

    /// <summary>How long ended workflow instances are kept; for ever by default.</summary>
    public WorkflowRetention Retention { get; init; } = WorkflowRetention.Forever;

    /// <summary>How long a connection is silent until it is pinged, and how long it may take to answer; then its worker is gone.</summary>
    internal (TimeSpan Delay, TimeSpan Timeout) Ping { get; init; } = (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5));

    /// <summary>How the state file's log is brought onto the disk; null: by the system.</summary>
    internal Action<SafeFileHandle>? Flush { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where it logs.</summary>
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;
}
