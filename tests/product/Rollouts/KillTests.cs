using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Tests.Product.Rollouts;

/// <summary>The product is killed in the middle of a write, and started again: the world ends the same.</summary>
public sealed class KillTests
{
    public static MatrixTheoryData<string, HoldPoint, HoldAction> Installs => new(
        ["kubernetes/create leases", "kubernetes/create namespaces", "gkehub/memberships.create", "container/clusters.setResourceLabels", "kubernetes/delete leases"],
        [HoldPoint.BeforeEffect, HoldPoint.AfterEffect, HoldPoint.BeforeAnswer],
        [HoldAction.Proceed, HoldAction.Drop]);

    public static MatrixTheoryData<string, HoldPoint, HoldAction> Undos => new(
        ["container/clusters.setResourceLabels", "gkehub/memberships.delete", "kubernetes/delete namespaces"],
        [HoldPoint.BeforeEffect, HoldPoint.AfterEffect, HoldPoint.BeforeAnswer],
        [HoldAction.Proceed, HoldAction.Drop]);

    [Theory]
    [MemberData(nameof(Installs))]
    public async Task Install_KilledAtAWrite_EndsAsIfNothingHadHappened(string call, HoldPoint point, HoldAction then)
    {
        await using var product = await ProductUnderTest.StartAsync();
        var before = product.Sandbox.Snapshot();
        var hold = product.Sandbox.Hold(new HoldSpec(Match(call), point));
        var id = await product.BeginAsync(Requests.OneCluster());

        await product.KillAtAsync(hold, then);
        var ended = await product.EndAsync(id);

        Assert.Equal(RolloutState.Succeeded, ended.Rollout.State);
        Requests.AssertInstalled(before, product.Sandbox.Snapshot());
        Assert.Single(product.Writes(), entry => entry.Method == "create namespaces");
        Assert.Single(product.Writes(), entry => entry.Method == "memberships.create");
    }

    [Theory]
    [MemberData(nameof(Undos))]
    public async Task Rollback_KilledAtAWrite_EndsAsIfNothingHadHappened(string call, HoldPoint point, HoldAction then)
    {
        await using var product = await ProductUnderTest.StartAsync();
        var before = product.Sandbox.Snapshot();
        var installed = await product.RunAsync(Requests.OneCluster());
        Assert.Equal(RolloutState.Succeeded, installed.Rollout.State);
        Assert.NotEmpty(product.Writes());
        var hold = product.Sandbox.Hold(new HoldSpec(Match(call), point));

        await product.RollBackAsync(installed.Rollout.Id);
        await product.KillAtAsync(hold, then);
        var ended = await product.EndAsync(installed.Rollout.Id);

        Assert.Equal(RolloutState.Compensated, ended.Rollout.State);
        Assert.Empty(ended.Clusters.SelectMany(cluster => cluster.Residue));
        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());
    }

    private static CallMatch Match(string call) => call.Split('/') is [var api, var method]
        ? new CallMatch(api, method)
        : throw new ArgumentException(call, nameof(call));
}
