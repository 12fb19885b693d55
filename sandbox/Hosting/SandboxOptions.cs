using MeshWorkflow.Sandbox.FaultPlans;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Sandbox.Worlds.Saving;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeshWorkflow.Sandbox.Hosting;

/// <summary>How the sandbox runs.</summary>
public sealed class SandboxOptions
{
    /// <summary>What is there at its start.</summary>
    public World World { get; init; } = World.Demo;

    /// <summary>A state to begin with, saved in the same <see cref="World"/>; null: as the world is at its start.</summary>
    public SavedWorld? Saved { get; init; }

    /// <summary>What goes wrong from the start; null: nothing.</summary>
    public FaultPlan? Faults { get; init; }

    /// <summary>Where it writes the credentials file. Made if absent.</summary>
    public required string Folder { get; init; }

    /// <summary>How long operations of Google's APIs take; 300 ms by default.</summary>
    public TimeSpan OperationTime { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How long a freshly enabled API answers that it is disabled; none by default.</summary>
    public TimeSpan EnablingTime { get; init; }

    /// <summary>How long a freshly granted role has no effect; none by default.</summary>
    public TimeSpan GrantingTime { get; init; }

    /// <summary>How long a namespace takes to go; 200 ms by default.</summary>
    public TimeSpan TerminationTime { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a cluster's controllers take to notice something; 20 ms by default.</summary>
    public TimeSpan ReactionTime { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>After how long a cluster's controllers try again what was refused, and pods what failed; 500 ms by default.</summary>
    public TimeSpan RetryTime { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a pod takes to start; 200 ms by default.</summary>
    public TimeSpan PodStartTime { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a pod takes to end; 100 ms by default.</summary>
    public TimeSpan PodStopTime { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long the pod of a job works; 300 ms by default.</summary>
    public TimeSpan JobTime { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How long a load balancer's address takes; 300 ms by default.</summary>
    public TimeSpan LoadBalancerTime { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How long a new custom resource takes to be served; 50 ms by default.</summary>
    public TimeSpan EstablishTime { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The loopback port of the admin endpoint; 0, the default: any.</summary>
    public int AdminPort { get; init; }

    /// <summary>The loopback port of Google's APIs; 0, the default: any.</summary>
    public int GooglePort { get; init; }

    /// <summary>How many entries the journal keeps, at least nine tenths of them; 500,000 by default.</summary>
    public int JournalSize { get; init; } = Journal.DefaultSize;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where it logs.</summary>
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;
}
