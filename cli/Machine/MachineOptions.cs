namespace MeshWorkflow.Cli.Machine;

/// <summary>How everything runs in one process.</summary>
internal sealed class MachineOptions
{
    public required StateFolder Folder { get; init; }

    /// <summary>Settings of the apps: sections <c>Rollouts</c>, <c>GoogleCloud</c>, <c>Api</c>.</summary>
    public required IConfiguration Settings { get; init; }

    public required ILoggerFactory Loggers { get; init; }

    /// <summary>What else each app gets before it is built; null: nothing.</summary>
    public Action<WebApplicationBuilder>? Adjust { get; init; }
}
