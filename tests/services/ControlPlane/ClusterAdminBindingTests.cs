using System.Text.Json.Nodes;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Sandbox.Worlds.Comparing;

namespace MeshWorkflow.Tests.Services.ControlPlane;

public sealed class ClusterAdminBindingTests
{
    [Fact]
    public async Task BringAbout_Twice_BindsOnce()
    {
        await using var mesh = await Installation.StartAsync();
        var step = mesh.AdminBinding();

        await step.BringAboutAsync();
        var name = Assert.Single(mesh.Names("-cluster-admin-binding"));
        var again = await step.PlanAsync();

        Assert.StartsWith("ann-", name.Split('/')[^1], StringComparison.Ordinal);
        Assert.Empty(again.Changes);
    }

    [Fact]
    public async Task Revert_AfterBringAbout_TakesItAway()
    {
        await using var mesh = await Installation.StartAsync();
        var before = mesh.Service.Sandbox.Snapshot();
        var step = mesh.AdminBinding();
        await step.BringAboutAsync();

        Assert.Empty(await step.PutBackAsync());

        Assert.Empty(WorldDiff.Compare(before, mesh.Service.Sandbox.Snapshot()));
    }

    [Fact]
    public async Task Plan_BoundUnderAnotherName_ChangesNothing()
    {
        await using var mesh = await Installation.StartAsync();
        await mesh.CallAsync(HttpMethod.Post, "apis/rbac.authorization.k8s.io/v1/clusterrolebindings", new JsonObject
        {
            ["apiVersion"] = "rbac.authorization.k8s.io/v1",
            ["kind"] = "ClusterRoleBinding",
            ["metadata"] = new JsonObject { ["name"] = "theirs" },
            ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "ClusterRole", ["name"] = "cluster-admin" },
            ["subjects"] = new JsonArray(new JsonObject
            {
                ["apiGroup"] = "rbac.authorization.k8s.io",
                ["kind"] = "User",
                ["name"] = "ann@example.com",
            }),
        });

        Assert.Empty((await mesh.AdminBinding().PlanAsync()).Changes);
    }

    [Fact]
    public async Task Plan_NoMember_IsRefused() => Assert.Equal(
        "MEMBER_INVALID", (await RefusedAsync("ann@example.com")).Reason);

    private static async Task<Refused> RefusedAsync(string member)
    {
        await using var mesh = await Installation.StartAsync();
        return (await mesh.AdminBinding(member).TryPlanAsync()).Refused;
    }
}
