using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Tests.Product.Rollouts;

/// <summary>
/// The product is killed in the middle of a write, and started again: the world ends the same. Each write meets two of the six kinds of kill,
/// which take turns; with MESHWF_TEST_ALL_KILLS=1 all of them.
/// </summary>
public sealed class KillTests
{
    private const int KindsPerCall = 2;

    private static readonly (HoldPoint Point, HoldAction Then)[] Kinds =
    [
        (HoldPoint.BeforeEffect, HoldAction.Drop),
        (HoldPoint.AfterEffect, HoldAction.Proceed),
        (HoldPoint.BeforeAnswer, HoldAction.Drop),
        (HoldPoint.BeforeEffect, HoldAction.Proceed),
        (HoldPoint.AfterEffect, HoldAction.Drop),
        (HoldPoint.BeforeAnswer, HoldAction.Proceed),
    ];

    public static TheoryData<string, HoldPoint, HoldAction> Installs => Kills(
        "kubernetes/create leases",
        "kubernetes/create namespaces",
        "gkehub/memberships.create",
        "container/clusters.setResourceLabels",
        "kubernetes/delete leases");

    public static TheoryData<string, HoldPoint, HoldAction> Undos => Kills(
        "container/clusters.setResourceLabels", "gkehub/memberships.delete", "kubernetes/delete namespaces");

    [Theory]
    [MemberData(nameof(Installs))]
    public async Task Install_KilledAtAWrite_EndsAsIfNothingHadHappened(string call, HoldPoint point, HoldAction then)
    {
        await using var product = await ProductUnderTest.StartProcessAsync();
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
        await using var product = await ProductUnderTest.StartProcessAsync();
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

    private static TheoryData<string, HoldPoint, HoldAction> Kills(params IReadOnlyList<string> calls)
    {
        var perCall = Environment.GetEnvironmentVariable("MESHWF_TEST_ALL_KILLS") == "1" ? Kinds.Length : KindsPerCall;
        return [.. calls.SelectMany((call, place) => Enumerable.Range(place * KindsPerCall, perCall)
            .Select(turn => Kinds[turn % Kinds.Length])
            .Select(kind => new TheoryDataRow<string, HoldPoint, HoldAction>(call, kind.Point, kind.Then)))];
    }

    private static CallMatch Match(string call) => call.Split('/') is [var api, var method]
        ? new CallMatch(api, method)
        : throw new ArgumentException(call, nameof(call));
}
