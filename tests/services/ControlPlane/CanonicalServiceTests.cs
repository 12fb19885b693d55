using MeshWorkflow.Sandbox.Worlds.Comparing;

namespace MeshWorkflow.Tests.Services.ControlPlane;

public sealed class CanonicalServiceTests
{
    [Fact]
    public async Task BringAbout_Twice_ChangesNothingMore()
    {
        await using var mesh = await Installation.StartAsync();
        await mesh.PrepareAsync();
        var step = mesh.CanonicalService();

        await step.BringAboutAsync();

        var controller = mesh.Find("namespaces/asm-system/apps/deployments/canonical-service-controller-manager")!;
        Assert.Equal("gke://demo-apps/us-central1/mesh-a", controller["metadata"]!["annotations"]!["gke.io/cluster"]!.GetValue<string>());
        Assert.Empty((await step.PlanAsync()).Changes);
    }

    [Fact]
    public async Task Revert_AfterBringAbout_LeavesTheWorldAsItWas()
    {
        await using var mesh = await Installation.StartAsync();
        await mesh.PrepareAsync();
        var before = mesh.Service.Sandbox.Snapshot();
        var step = mesh.CanonicalService();
        await step.BringAboutAsync();

        Assert.Empty(await step.PutBackAsync());

        Assert.Empty(WorldDiff.Compare(before, mesh.Service.Sandbox.Snapshot()));
    }
}
