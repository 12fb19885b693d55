using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Tests.Simulator.Drawing;
using MeshWorkflow.Tests.Simulator.Running;

namespace MeshWorkflow.Tests.Simulator.Properties;

/// <summary>A run in which nothing went wrong: two clusters, one after another, with gateways and injection, installed and rolled back.</summary>
public sealed class RecordedRun : IAsyncLifetime
{
    private readonly string _packages = Directory.CreateTempSubdirectory("meshwf-packages-").FullName;
    private Simulation _run = null!;

    internal Evidence Evidence => _run.Evidence;

    /// <summary>The first cluster, which the first stage has.</summary>
    internal WorldCluster First => Evidence.Scenario.World.Clusters[0];

    /// <summary>The second.</summary>
    internal WorldCluster Second => Evidence.Scenario.World.Clusters[1];

    public async ValueTask InitializeAsync()
    {
        var world = DrawnWorld.Plain(2);
        DrawnStage[] stages = [new("canary", [world.Clusters[0].Name], 1, 0), new("rest", [world.Clusters[1].Name], 1, 0)];
        var request = DrawnRequest.Write(world, stages, "rollback-cluster", disables: false, hasGateway: true, isInjected: true);
        _run = await Simulation.RunAsync(new Scenario { World = world, Request = request, Faults = DrawnFaults.None, IsRolledBack = true, IsPassing = true }, _packages);
    }

    public async ValueTask DisposeAsync()
    {
        await _run.DisposeAsync();
        Directory.Delete(_packages, recursive: true);
    }
}
