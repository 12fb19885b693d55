using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Tests.Services.Platforms;

namespace MeshWorkflow.Tests.Services.Preflight;

/// <summary>Room for the control plane on clusters that are not on Google Cloud (S16): GKE's rule, reckoned from the nodes.</summary>
public sealed class NodeTests
{
    [Theory]
    [InlineData("e2-standard-4", 2, 8)]
    [InlineData("e2-standard-8", 1, 8)]
    [InlineData("e2-standard-4", 3, 12)]
    public async Task Check_EnoughCpusElsewhere_Passes(string machine, int nodes, int cpus)
    {
        await using var service = await StartAsync(new WorldNodePool("workers") { MachineType = machine, Nodes = nodes });

        var check = (await service.CheckAsync(Target(service))).Single("CLUSTER_CAPACITY", Verdict.Pass);

        Assert.Contains($"has {cpus} vCPUs", check.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("e2-standard-4", 1)]
    [InlineData("e2-standard-2", 5)]
    public async Task Check_TooFewOrTooSmallNodesElsewhere_IsANotice(string machine, int nodes)
    {
        await using var service = await StartAsync(new WorldNodePool("workers") { MachineType = machine, Nodes = nodes });

        var checks = await service.CheckAsync(Target(service));

        Assert.NotEmpty(checks.Single("CLUSTER_SMALL", Verdict.Notice).Remedy);
        Assert.DoesNotContain(checks.Checks, check => check.Verdict is Verdict.Refuse);
    }

    private static Task<ServiceUnderTest> StartAsync(WorldNodePool pool) => PreflightUnderTest.StartAsync(
        new WorldCluster(SharedWorld.Fleet, "elsewhere", ClusterElsewhere.Name, "default") { IsElsewhere = true, NodePools = [pool] });

    private static GkeCluster Target(ServiceUnderTest service) => ClusterElsewhere.Target(service, fleet: SharedWorld.Fleet);
}
