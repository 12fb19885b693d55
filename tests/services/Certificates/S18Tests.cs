using System.Security.Cryptography.X509Certificates;
using MeshWorkflow.MeshCertificates;
using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Tests.Services.Certificates;

/// <summary>S18: a folder for each cluster, or an intermediate that is made for each from a root.</summary>
public sealed class S18Tests
{
    [Fact]
    public async Task BringAbout_FromARoot_MakesAnIntermediateForEachClusterAndTakesThemAway()
    {
        using var folder = new CaFolder();
        using var root = CaFolder.Root();
        var given = folder.Add(root);
        await using var service = await IstioCaUnderTest.StartAsync(folder, SharedWorld.Cluster("mesh-a"), SharedWorld.Cluster("mesh-b"));
        var one = service.Step("istio-ca", IstioCaUnderTest.Scope, IstioCaUnderTest.Spec(given));
        var two = service.Step("istio-ca", IstioCaUnderTest.Scope.Replace("mesh-a", "mesh-b", StringComparison.Ordinal), IstioCaUnderTest.Spec(given, "mesh-b"));

        var plan = await one.BringAboutAsync();
        await two.BringAboutAsync();

        Assert.Equal("istio-ca", plan.Changes.Single().Fields.Single(field => field.Path == "data").KnownAfter);
        Assert.Contains(plan.Notices, notice => notice.Code == "CA_ROOT_ONLINE");
        var (a, b) = (service.Secret()!, service.Secret("mesh-b")!);
        Assert.Equal((root.CertificatePem(), root.CertificatePem()), (a.Root, b.Root));
        Assert.NotEqual(a.Key, b.Key);
        foreach (var (files, cluster) in ((SigningFiles, string)[])[(a, "mesh-a"), (b, "mesh-b")])
        {
            Assert.Empty(SigningChecks.Of(files, TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(3000)).Wrong);
            using var certificate = X509Certificate2.CreateFromPem(files.Certificate);
            Assert.Contains($"L={cluster}", certificate.Subject, StringComparison.Ordinal);
        }

        await one.RaiseEpochAsync("undo");
        Assert.Empty(await one.PutBackAsync());
        Assert.Null(service.Secret());
        Assert.NotNull(service.Secret("mesh-b"));
    }

    [Fact]
    public async Task Plan_SecondRunFromTheSameRoot_UsesTheStoredOne()
    {
        using var folder = new CaFolder();
        using var root = CaFolder.Root();
        using var other = CaFolder.Root();
        var given = folder.Add(root);
        await using var service = await IstioCaUnderTest.StartAsync(folder);
        var step = service.Step("istio-ca", IstioCaUnderTest.Scope, IstioCaUnderTest.Spec(given));
        await step.BringAboutAsync();
        var made = service.Secret();

        Assert.Equal(Outcome.OutcomeOneofCase.Done, (await step.ApplyAsync()).OutcomeCase);
        var next = await service.Step("istio-ca", IstioCaUnderTest.Scope, IstioCaUnderTest.Spec(given), generation: 2).PlanAsync();
        folder.Add(other);
        var foreign = (await service.Step("istio-ca", IstioCaUnderTest.Scope, IstioCaUnderTest.Spec(given), generation: 3).TryPlanAsync()).Refused;

        Assert.Empty(next.Changes);
        Assert.Contains(next.Notices, notice => notice.Code == "CACERTS_FOUND");
        Assert.Equal("CACERTS_DIFFER", foreign.Reason);
        Assert.Equal(made, service.Secret());
    }

    [Fact]
    public async Task Plan_FoldersOfDifferentRoots_AreRefusedThoughTheyAreNamedTheSame()
    {
        using var folder = new CaFolder();
        using var root = CaFolder.Root();
        using var namesake = CaFolder.Root();
        folder.Add("mesh-a", CaFolder.Issue(root));
        folder.Add("mesh-b", CaFolder.Issue(root, "mesh-b"));
        folder.Add("mesh-c", CaFolder.Issue(namesake, "mesh-c"));
        await using var service = await IstioCaUnderTest.StartAsync(
            folder, SharedWorld.Cluster("mesh-a"), SharedWorld.Cluster("mesh-b"), SharedWorld.Cluster("mesh-c"), SharedWorld.Cluster("mesh-d"));

        Task<PlanReply> PlanAsync(string cluster) =>
            service.Step("istio-ca", IstioCaUnderTest.Scope.Replace("mesh-a", cluster, StringComparison.Ordinal), IstioCaUnderTest.Spec(folder.Path, cluster, "mesh-a")).TryPlanAsync();

        Assert.Single((await PlanAsync("mesh-a")).Planned.Changes);
        Assert.Single((await PlanAsync("mesh-b")).Planned.Changes);
        var other = (await PlanAsync("mesh-c")).Refused;
        Assert.Equal("CA_ROOT_DIFFERS", other.Reason);
        Assert.Contains("mesh-a", other.Message, StringComparison.Ordinal);
        Assert.Equal("CA_FOLDER_MISSING", (await PlanAsync("mesh-d")).Refused.Reason);
    }

    [Theory]
    [InlineData("expired", "CA_EXPIRES_SOON")]
    [InlineData("mismatch", "CA_KEY_MISMATCH")]
    [InlineData("intermediate", "CA_PATH_LENGTH")]
    public async Task Plan_RootThatCantSign_IsRefused(string what, string reason)
    {
        using var folder = new CaFolder();
        using var root = CaFolder.Root(days: what == "expired" ? 10 : 3650);
        using var other = CaFolder.Root();
        var given = folder.Add(root);
        if (what == "mismatch")
        {
            await File.WriteAllTextAsync(given.Key, other.KeyPem(), TestContext.Current.CancellationToken);
        }
        else if (what == "intermediate")
        {
            var files = CaFolder.Issue(root);
            await File.WriteAllTextAsync(given.Cert, files.Certificate, TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(given.Key, files.Key, TestContext.Current.CancellationToken);
        }

        await using var service = await IstioCaUnderTest.StartAsync(folder);

        var refused = (await service.Step("istio-ca", IstioCaUnderTest.Scope, IstioCaUnderTest.Spec(given)).TryPlanAsync()).Refused;

        Assert.Equal(reason, refused.Reason);
    }
}
