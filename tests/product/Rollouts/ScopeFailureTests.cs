using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Tests.Product.Rollouts;

/// <summary>What clusters share can't be prepared: only those that need it are not begun.</summary>
public sealed class ScopeFailureTests
{
    private const string More = "demo-more";

    [Fact]
    public async Task Install_OneProjectRefused_OnlyItsClustersAreSkipped()
    {
        await using var product = await ProductUnderTest.StartAsync(World());
        var before = product.Sandbox.Snapshot();
        product.Sandbox.Order(Refused());

        var ended = await product.RunAsync(Request());

        Assert.Equal(
            [("c1", ClusterState.Succeeded), ("c2", ClusterState.Succeeded), ("d1", ClusterState.Skipped)],
            ended.Clusters.Select(cluster => (cluster.Name, cluster.State)));
        Assert.Equal("SCOPE_FAILED", ended.Clusters[2].Reason);
        Assert.Contains($"project/{More}", ended.Clusters[2].Message, StringComparison.Ordinal);
        Assert.Equal(RolloutState.CompletedWithFailures, ended.Rollout.State);
        Assert.Equal(["c1", "c2"], product.Begun());
        Assert.DoesNotContain(product.Writes(), entry => entry.Resource.Contains("/clusters/d1", StringComparison.Ordinal));
        Assert.Equal(PolicyOfMore(before), PolicyOfMore(product.Sandbox.Snapshot()));
    }

    [Fact]
    public async Task Install_FleetProjectRefused_NoClusterIsBegun()
    {
        await using var product = await ProductUnderTest.StartAsync(World());
        product.Sandbox.Order(new FaultSpec
        {
            Match = new CallMatch("cloudresourcemanager", "projects.getIamPolicy", "//cloudresourcemanager.googleapis.com/projects/demo-fleet"),
        });

        var ended = await product.RunAsync(Request());

        Assert.All(ended.Clusters, cluster => Assert.Equal("SCOPE_FAILED", cluster.Reason));
        Assert.All(ended.Clusters, cluster => Assert.Equal(ClusterState.Skipped, cluster.State));
        Assert.Empty(product.Begun());
        Assert.DoesNotContain(product.Writes(), entry => entry.Resource.Contains($"/{More}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Install_OneProjectRefusedThenMended_NextGenerationInstallsTheRest()
    {
        await using var product = await ProductUnderTest.StartAsync(World());
        var order = product.Sandbox.Order(Refused());
        await product.RunAsync(Request());
        product.Sandbox.Cancel(order);

        var ended = await product.RunAsync(Request());

        Assert.All(ended.Clusters, cluster => Assert.Equal(ClusterState.Succeeded, cluster.State));
        Assert.Equal(["c1", "c2", "d1"], product.Begun());
    }

    private static string? PolicyOfMore(WorldSnapshot world) => world.Resources
        .Single(resource => resource.Key.EndsWith($"/projects/{More}/iamPolicy", StringComparison.Ordinal)).Value["bindings"]?.ToJsonString();

    private static FaultSpec Refused() => new()
    {
        Match = new CallMatch("serviceusage", "services.enable", $"//serviceusage.googleapis.com/projects/{More}"),
    };

    private static World World()
    {
        var fleet = Fleets.Of(2);
        return fleet with
        {
            Projects = [.. fleet.Projects, fleet.Projects.Single(project => project.Id == "demo-apps") with { Id = More, Number = 333456789012, Name = "More" }],
            Clusters = [.. fleet.Clusters, new WorldCluster(More, "us-central1", "d1", "vpc-more")],
        };
    }

    private static string Request() => Fleets.Request(2, $$"""
            - { project: {{More}}, location: us-central1, name: d1 }
          rollout: { stages: [{ name: canary, select: { names: [c1] } }, { name: rest }] }
        """);
}
