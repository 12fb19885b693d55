using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Sandbox.Worlds.Comparing;
using MeshWorkflow.Tests.Services;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Tests.Product.Rollouts;

/// <summary>What rollouts share in a project.</summary>
public sealed class SharedTests
{
    [Theory]
    [InlineData("one", "two")]
    [InlineData("two", "one")]
    public async Task Rollback_TwoRolloutsInOneProject_EitherMayGoFirst(string first, string second)
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(2));
        var before = product.Sandbox.Snapshot();
        var one = await product.RunAsync(Of("one", "c1"));
        var two = await product.RunAsync(Of("two", "c2"));
        Assert.Equal([RolloutState.Succeeded, RolloutState.Succeeded], [one.Rollout.State, two.Rollout.State]);
        Assert.Contains(WorldDiff.Compare(before, product.Sandbox.Snapshot()), IsShared);

        await product.RollBackAsync($"{first}-g1");
        Assert.Equal(RolloutState.Compensated, (await product.EndAsync($"{first}-g1")).Rollout.State);
        Assert.Contains(WorldDiff.Compare(before, product.Sandbox.Snapshot()), IsShared);
        await product.RollBackAsync($"{second}-g1");
        Assert.Equal(RolloutState.Compensated, (await product.EndAsync($"{second}-g1")).Rollout.State);

        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());
    }

    [Fact]
    public async Task Rollback_AnotherClusterIsInTheMesh_SharedStaysIsNamedAndGoesWithTheLastOne()
    {
        const string Member = "container/v1/projects/demo-apps/locations/us-central1/clusters/c2";
        const string Label = """"{"mesh_id":"proj-210987654321"}"""";
        var fleet = Fleets.Of(2);
        var foreign = fleet.Clusters[1] with
        {
            Labels = new Dictionary<string, string> { ["mesh_id"] = "proj-210987654321" },
            Membership = new WorldMembership("demo-fleet", "c2", "us-central1"),
        };
        await using var product = await ProductUnderTest.StartAsync(fleet with { Clusters = [fleet.Clusters[0], foreign] });
        var before = product.Sandbox.Snapshot();
        var installed = await product.RunAsync(Fleets.Request(1));
        Assert.Equal(RolloutState.Succeeded, installed.Rollout.State);
        var shared = WorldDiff.Compare(before, product.Sandbox.Snapshot()).Where(IsShared).Lines().ToList();
        Assert.NotEmpty(shared);

        await product.RollBackAsync(installed.Rollout.Id);
        var undone = await product.EndAsync(installed.Rollout.Id);

        Assert.Equal(RolloutState.Compensated, undone.Rollout.State);
        Requests.AssertUntouched(before, product.Sandbox.Snapshot(), Fleets.Resource("c1"));
        Assert.Equal(shared, WorldDiff.Compare(before, product.Sandbox.Snapshot()).Where(IsShared).Lines());
        foreach (var project in (string[])["demo-fleet", "demo-apps"])
        {
            var scope = undone.Scopes.Single(found => found.Name == project);
            Assert.Contains(scope.Residue, line => line.Resource.Contains(project, StringComparison.Ordinal) && line.Reason.Contains("clusters/c2", StringComparison.Ordinal));
        }

        // It leaves the mesh; whoever comes and goes next puts back what was before the first.
        await LabelAsync(product, Member, "{}");
        var again = await product.RunAsync(Fleets.Request(1));
        await product.RollBackAsync(again.Rollout.Id);
        Assert.Equal(RolloutState.Compensated, (await product.EndAsync(again.Rollout.Id)).Rollout.State);
        await LabelAsync(product, Member, Label);
        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());
    }

    private static async Task LabelAsync(ProductUnderTest product, string cluster, string labels)
    {
        var found = await product.Sandbox.GoogleAsync(HttpMethod.Get, cluster);
        await product.Sandbox.GoogleAsync(
            HttpMethod.Post, $"{cluster}:setResourceLabels", $$"""{"resourceLabels":{{labels}},"labelFingerprint":"{{found?["labelFingerprint"]}}"}""");
        await Waits.UntilAsync(
            () => product.Sandbox.Snapshot().Resources[Fleets.Resource("c2")]["resourceLabels"]?["mesh_id"] is null == (labels == "{}"),
            () => "The label has not changed.");
    }

    // The policies of projects: the one thing shared that an undo puts back.
    private static bool IsShared(WorldDifference difference) =>
        difference.Resource.StartsWith("//cloudresourcemanager.googleapis.com/", StringComparison.Ordinal);

    private static string Of(string name, string cluster) => Fleets.Request(1, name: name).Replace("name: c1", $"name: {cluster}", StringComparison.Ordinal);
}
