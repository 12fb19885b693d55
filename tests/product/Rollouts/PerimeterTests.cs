using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Tests.Product.Rollouts;

/// <summary>A service perimeter stands in a rollout's way.</summary>
public sealed class PerimeterTests
{
    private const string Reason = "VPC_SERVICE_CONTROLS";

    [Fact]
    public async Task Install_PerimeterAroundOneProject_ItsClustersAreRefusedBeforeTheFirstWrite()
    {
        const string More = "demo-more";
        var fleet = Fleets.Of(1);
        await using var product = await ProductUnderTest.StartAsync(fleet with
        {
            Projects = [.. fleet.Projects, fleet.Projects.Single(project => project.Id == "demo-apps") with { Id = More, Number = 333456789012, Name = "More" }],
            Clusters = [.. fleet.Clusters, new WorldCluster(More, "us-central1", "d1", "vpc-more")],
            Perimeters = [new WorldPerimeter("more", [More], ["container"])],
        });

        var ended = await product.RunAsync(Fleets.Request(1, $"    - {{ project: {More}, location: us-central1, name: d1 }}"));

        Assert.Equal(RolloutState.SucceededWithSkips, ended.Rollout.State);
        Assert.Equal([("c1", ClusterState.Succeeded), ("d1", ClusterState.Skipped)], ended.Clusters.Select(cluster => (cluster.Name, cluster.State)));
        Assert.Equal(Reason, ended.Clusters[1].Reason);
        Assert.Contains("vpcServiceControlsUniqueIdentifier", ended.Clusters[1].Message, StringComparison.Ordinal);
        Assert.DoesNotContain(product.Writes(), entry => entry.Resource.Contains(More, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Install_PerimeterAroundWhatCannotBeRead_WhatWasDoneIsUndone()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1) with { Perimeters = [new WorldPerimeter("fleet", ["demo-fleet"], ["meshconfig"])] });
        var before = product.Sandbox.Snapshot();

        var ended = await product.RunAsync(Fleets.Request(1));

        Assert.Contains(product.Writes(), entry => entry.Method == "projects.setIamPolicy");
        Assert.Equal(("SCOPE_FAILED", ClusterState.Skipped), (ended.Clusters[0].Reason, ended.Clusters[0].State));
        Assert.Contains(Reason, ended.Clusters[0].Message, StringComparison.Ordinal);
        Assert.Empty(product.Begun());
        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());
    }

    [Fact]
    public async Task Install_PerimeterRaisedMeanwhile_TheClusterIsPutBack()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1));
        product.Sandbox.Order(Fleets.LabelRefused("c1") with { Reason = "SECURITY_POLICY_VIOLATED" });

        var ended = await product.RunAsync(Fleets.Request(1));

        Assert.Equal(["c1"], product.Begun());
        Assert.Equal((ClusterState.Compensated, Reason), (ended.Clusters[0].State, ended.Clusters[0].Reason));
        Assert.Equal(RolloutState.Compensated, ended.Rollout.State);
        Assert.DoesNotContain(product.Sandbox.Snapshot().Resources, resource => resource.Key.Contains("/memberships/c1", StringComparison.Ordinal));
    }
}
