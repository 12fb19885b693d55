using MeshWorkflow.Tests.Product.Rollouts;
using MeshWorkflow.Workflows.Preflights;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Requests;

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
        Assert.Equal(Authorities.SelfMade(product, $"{Fleets.Resource("c1")}/k8s/namespaces/istio-system"), Root(product));
        var (before, number) = (product.Sandbox.Snapshot(), product.Sandbox.Journal()[^1].Number);
        var upgrade = Fleets.Request(1, name: "second")
            .Replace("version: 1.23.3-asm.2 }", "version: 1.23.3-asm.2, revision: asm-next }", StringComparison.Ordinal)
            .By(_folder.Folder());

        var refused = await product.RunAsync(upgrade);
        var plan = await PlanAsync(product, upgrade);
        var preflight = await PreflightAsync(product, upgrade);

        Assert.Equal(RolloutState.Refused, refused.Rollout.State);
        Assert.Equal("CA_CHANGE", Assert.Single(refused.Clusters).Reason);
        Assert.Contains("Mesh CA", refused.Clusters[0].Message, StringComparison.Ordinal);
        Assert.Contains("CA_CHANGE", plan);
        Assert.Contains(preflight.Checks, check => check is { Code: "CA_CHANGE", Verdict: "refuse", About: "the certificate authority", Remedy.Length: > 0 });
        Assert.Empty(product.Writes(number));

        var accepting = upgrade.Replace("folder:", "acceptDowntime: true, folder:", StringComparison.Ordinal);
        Assert.Equal(["AUTHORITY_FIT", "CA_CHANGES"], (await PreflightAsync(product, accepting)).Checks
            .Where(check => check.About == "the certificate authority" && !check.Code.StartsWith("CA_KEY", StringComparison.Ordinal)).Select(check => check.Code));

        var accepted = await product.RunAsync(accepting);

        Assert.Equal(RolloutState.Succeeded, accepted.Rollout.State);
        Assert.True(product.Sandbox.Snapshot().Resources.ContainsKey(Authorities.CaCerts("c1")));
        await product.RollBackAsync(accepted.Rollout.Id);
        Assert.Equal(RolloutState.Compensated, (await product.EndAsync(accepted.Rollout.Id)).Rollout.State);
        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());
    }

    [Fact]
    public async Task Install_MigrationInTwoSteps_NeedsNoDowntimeAndTheSecondIsUndone()
    {
        var files = _folder.Issue("c1");
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1));
        var second = OfRevision("second", "asm-2nd", "options: [ca-migration-meshca]");
        Assert.Equal(RolloutState.Succeeded, (await product.RunAsync(OfRevision("istio-ca", "asm-0th", "").By(_folder.Folder()))).Rollout.State);
        Assert.Equal(files.ByName["root-cert.pem"], Root(product));
        Assert.Equal("CA_CHANGE", Assert.Single((await product.RunAsync(second)).Clusters).Reason);

        var spread = await product.RunAsync(OfRevision("spread", "asm-1st", "options: [ca-migration-citadel]").By(_folder.Folder()));
        Assert.Equal(RolloutState.Succeeded, spread.Rollout.State);
        var before = product.Sandbox.Snapshot();
        var migrated = await product.RunAsync(second);

        Assert.Equal(RolloutState.Succeeded, migrated.Rollout.State);
        var mesh = product.Sandbox.Snapshot().Resources[$"{Fleets.Resource("c1")}/k8s/namespaces/istio-system/configmaps/istio-asm-2nd"]["data"]!["mesh"]!.GetValue<string>();
        Assert.Contains("CA_PROVIDER: GoogleCA", mesh, StringComparison.Ordinal);
        Assert.Contains("cluster.local", mesh, StringComparison.Ordinal);
        Assert.Equal(files.ByName["root-cert.pem"], Root(product));
        await product.RollBackAsync(migrated.Rollout.Id);
        Assert.Equal(RolloutState.Compensated, (await product.EndAsync(migrated.Rollout.Id)).Rollout.State);
        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());
    }

    [Theory]
    [InlineData("{ type: mesh_ca }", "citadel-ca", "belongs to the type citadel")]
    [InlineData("{ type: mesh_ca }", "private-ca", "belongs to the type gcp_cas")]
    [InlineData("{ type: mesh_ca }", "ca-migration-citadel", "belongs to the type citadel")]
    [InlineData("{ type: gcp_cas, caPool: projects/demo-apps/locations/us-central1/caPools/pool }", "ca-migration-meshca", "belongs to the type mesh_ca")]
    [InlineData("{ type: citadel, folder: /ca }", "ca-migration-meshca", "belongs to the type mesh_ca")]
    [InlineData("{ type: gcp_cas, caPool: projects/demo-apps/locations/us-central1/caPools/pool }", "managed_cas", "belongs to the managed control plane")]
    public void Parse_OptionThatContradictsTheAuthority_IsAMistakeWithPathAndRemedy(string authority, string option, string says)
    {
        Assert.False(RequestParser.TryParse(Fleets.Request(1, $"  options: [stackdriver, {option}]").By(authority), out _, out var mistakes));

        var mistake = Assert.Single(mistakes);
        Assert.Equal(("spec.options[1]", "NOT_TOGETHER"), (mistake.Path, mistake.Code));
        Assert.Contains(says, mistake.Message, StringComparison.Ordinal);
        Assert.Contains("Leave it out", mistake.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GoogleCA", "spec.overlays[0].content")]
    [InlineData("Citadel", null)]
    public void Parse_OverlayThatNamesAnAuthority_MustNameThatOfTheRequest(string provider, string? path)
    {
        var overlay = $"apiVersion: install.istio.io/v1alpha1\\nkind: IstioOperator\\nspec: {{meshConfig: {{defaultConfig: {{proxyMetadata: {{CA_PROVIDER: {provider}}}}}}}}}\\n";
        var text = Fleets.Request(1, $"  options: [citadel-ca]\n  overlays: [{{ name: mine.yaml, content: \"{overlay}\" }}]").By("{ type: citadel, folder: /ca }");

        Assert.Equal(path is null, RequestParser.TryParse(text, out _, out var mistakes));
        Assert.Equal(path is null ? [] : [path], mistakes.Select(mistake => mistake.Path));
    }

    public void Dispose() => _folder.Dispose();

    private static string OfRevision(string name, string revision, string more) => Fleets.Request(1, $"  {more}", name)
        .Replace("version: 1.23.3-asm.2 }", $"version: 1.23.3-asm.2, revision: {revision} }}", StringComparison.Ordinal);

    private static string Root(ProductUnderTest product) => Authorities.Shown(product, $"{Fleets.Resource("c1")}/k8s/namespaces/istio-system");

    private static async Task<PreflightedCluster> PreflightAsync(ProductUnderTest product, string request)
    {
        using var client = product.Client();
        return Assert.Single((await client.PreflightAsync(request, TestContext.Current.CancellationToken)).Clusters);
    }

    private static async Task<IEnumerable<string>> PlanAsync(ProductUnderTest product, string request)
    {
        using var client = product.Client();
        return [.. (await client.PlanAsync(request, TestContext.Current.CancellationToken)).Problems.Select(problem => problem.Reason)];
    }
}
