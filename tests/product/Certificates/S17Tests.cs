using MeshWorkflow.Tests.Product.Rollouts;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Tests.Product.Certificates;

/// <summary>S17: another authority than the one that runs is refused before the first write, unless the request accepts the downtime.</summary>
public sealed class S17Tests : IDisposable
{
    private readonly CertificateFolder _folder = new();

    [Fact]
    public async Task Install_AnotherAuthority_IsRefusedUntilTheDowntimeIsAccepted()
    {
        _folder.Issue("c1");
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1));
        Assert.Equal(RolloutState.Succeeded, (await product.RunAsync(Fleets.Request(1, name: "first"))).Rollout.State);
        var (before, number) = (product.Sandbox.Snapshot(), product.Sandbox.Journal()[^1].Number);
        var upgrade = Fleets.Request(1, name: "second")
            .Replace("version: 1.23.3-asm.2 }", "version: 1.23.3-asm.2, revision: asm-next }", StringComparison.Ordinal)
            .By(_folder.Folder());

        var refused = await product.RunAsync(upgrade);
        var plan = await PlanAsync(product, upgrade);

        Assert.Equal(RolloutState.Refused, refused.Rollout.State);
        Assert.Equal("CA_CHANGE", Assert.Single(refused.Clusters).Reason);
        Assert.Contains("Mesh CA", refused.Clusters[0].Message, StringComparison.Ordinal);
        Assert.Contains("CA_CHANGE", plan);
        Assert.Empty(product.Writes(number));

        var accepted = await product.RunAsync(upgrade.Replace("folder:", "acceptDowntime: true, folder:", StringComparison.Ordinal));

        Assert.Equal(RolloutState.Succeeded, accepted.Rollout.State);
        Assert.True(product.Sandbox.Snapshot().Resources.ContainsKey(Authorities.CaCerts("c1")));
        await product.RollBackAsync(accepted.Rollout.Id);
        Assert.Equal(RolloutState.Compensated, (await product.EndAsync(accepted.Rollout.Id)).Rollout.State);
        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<IEnumerable<string>> PlanAsync(ProductUnderTest product, string request)
    {
        using var client = product.Client();
        return [.. (await client.PlanAsync(request, TestContext.Current.CancellationToken)).Problems.Select(problem => problem.Reason)];
    }
}
