using MeshWorkflow.MeshCertificates;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Tests.Product.Rollouts;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Tests.Product.Certificates;

/// <summary>S18: a fleet's request names a folder for each cluster, or a root that an intermediate is made from for each.</summary>
public sealed class S18FleetTests : IDisposable
{
    private readonly CertificateFolder _folder = new();

    [Fact]
    public async Task Install_FolderPerCluster_EachHasItsOwnAndAllIsUndone()
    {
        var (one, two) = (_folder.Issue("c1"), _folder.Issue("c2"));
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(2));
        var before = product.Sandbox.Snapshot();

        var ended = await product.RunAsync(Fleets.Request(2).By(_folder.Folder()));

        Assert.Equal(RolloutState.Succeeded, ended.Rollout.State);
        var world = product.Sandbox.Snapshot();
        Assert.Equal((one, two), (CertificateFolder.Read(world.Resources[Authorities.CaCerts("c1")]), CertificateFolder.Read(world.Resources[Authorities.CaCerts("c2")])));

        await product.RollBackAsync(ended.Rollout.Id);
        Assert.Equal(RolloutState.Compensated, (await product.EndAsync(ended.Rollout.Id)).Rollout.State);
        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());
    }

    [Fact]
    public async Task Install_ClusterWithoutFolder_IsSkippedAndTheOthersGoOn()
    {
        _folder.Issue("c1");
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(2));

        var ended = await product.RunAsync(Fleets.Request(2).By(_folder.Folder()));

        Assert.Equal(RolloutState.SucceededWithSkips, ended.Rollout.State);
        Assert.Equal([ClusterState.Succeeded, ClusterState.Skipped], ended.Clusters.Select(cluster => cluster.State));
        Assert.Equal("CA_FOLDER_MISSING", ended.Clusters[1].Reason);
        Assert.Equal(["c1"], product.Begun());
    }

    [Fact]
    public async Task Install_FromARoot_MakesAnIntermediateForEachAndASecondRunUsesThem()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(2));
        var before = product.Sandbox.Snapshot();
        var request = Fleets.Request(2).By(_folder.Root());

        var ended = await product.RunAsync(request);
        var world = product.Sandbox.Snapshot();
        var number = product.Sandbox.Journal()[^1].Number;
        var again = await product.RunAsync(request);

        Assert.Equal([RolloutState.Succeeded, RolloutState.Succeeded], [ended.Rollout.State, again.Rollout.State]);
        var (one, two) = (CertificateFolder.Read(world.Resources[Authorities.CaCerts("c1")]), CertificateFolder.Read(world.Resources[Authorities.CaCerts("c2")]));
        Assert.Equal((_folder.RootCertificate, _folder.RootCertificate), (one.Root, two.Root));
        Assert.NotEqual(one.Key, two.Key);
        Assert.All((SigningFiles[])[one, two], files => Assert.Empty(SigningChecks.Of(files, TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(3000)).Wrong));
        Assert.Empty(product.Writes(number));

        await product.RollBackAsync(again.Rollout.Id);
        await product.EndAsync(again.Rollout.Id);
        Assert.NotNull(product.Sandbox.Snapshot().Resources.GetValueOrDefault(Authorities.CaCerts("c1")));
        await product.RollBackAsync(ended.Rollout.Id);
        Assert.Equal(RolloutState.Compensated, (await product.EndAsync(ended.Rollout.Id)).Rollout.State);
        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());
    }

    [Fact]
    public async Task Install_AFailingCluster_LosesItsSecretWithTheRest()
    {
        _folder.Issue("c1");
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1));
        var before = product.Sandbox.Snapshot();
        product.Sandbox.Order(new FaultSpec { Match = new CallMatch("kubernetes", "create deployments", Authorities.Istiod("c1")) });
        product.Sandbox.Order(new FaultSpec { Match = new CallMatch("kubernetes", "patch deployments", Authorities.Istiod("c1")) });

        var ended = await product.RunAsync(Fleets.Request(1).By(_folder.Folder()));

        Assert.Equal(RolloutState.Compensated, ended.Rollout.State);
        Assert.Contains(product.Writes(), entry => entry.Effects.Any(effect => effect == $"created {Authorities.CaCerts("c1")}"));
        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());
    }

    public void Dispose() => _folder.Dispose();
}
