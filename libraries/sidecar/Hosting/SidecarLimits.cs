namespace MeshWorkflow.Sidecar.Hosting;

/// <summary>How much of everything there may be. What is too much is refused with RESOURCE_EXHAUSTED and the limit's number.</summary>
public sealed record SidecarLimits
{
    /// <summary>Workflow instances that have not ended; 1,000,000 by default.</summary>
    public int MaxInstances { get; init; } = 1_000_000;

    /// <summary>Workers of one app that are connected at once; 100 by default.</summary>
    public int MaxWorkers { get; init; } = 100;

    /// <summary>Calls that run at once on one connection, waiting ones included; 10,000 by default. More of them wait in the client.</summary>
    public int MaxCallsPerConnection { get; init; } = 10_000;

    /// <summary>Connections at one of an app's addresses; 1,000 by default. More are closed at once.</summary>
    public int MaxConnections { get; init; } = 1_000;
}
