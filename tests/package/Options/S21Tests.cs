using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.MeshPackage.Manifests;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Tests.Package.Options;

/// <summary>Options and overlays: what each makes of the control plane, in which order, and what is refused.</summary>
public sealed class S21Tests(OfferedPackage offered) : IClassFixture<OfferedPackage>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> EveryOption =>
    [
        "attached-cluster", "audit-authorizationpolicy", "ca-migration-citadel", "ca-migration-meshca", "citadel-ca", "cloud-tracing",
        "cni-baremetal-rhel", "cni-gcp", "cni-onprem", "cni-onprem-selinux", "cni-selinux", "distroless-proxy", "envoy-access-log",
        "envoy-core-dump", "iap-operator", "internal-load-balancer", "legacy-default-egressgateway", "legacy-default-ingressgateway",
        "managed_cas", "multicloud", "multicluster", "multiproject", "openshift", "private-ca", "prometheus", "prometheus-and-stackdriver",
        "stackdriver", "v1beta1-crds",
    ];

    [Theory]
    [MemberData(nameof(EveryOption))]
    public async Task Render_Option_MakesOfTheControlPlaneWhatTheGoldenFileSays(string option)
    {
        var values = Values() with { Options = [option] };

        var manifests = await offered.Renderer.RenderAsync(offered.Package, values, Token);
        var difference = await offered.Renderer.DifferenceAsync(offered.Package, values, manifests, Token);

        var bare = await offered.Renderer.RenderAsync(offered.Package, Values(), Token);
        var added = manifests.Select(manifest => manifest.Body)
            .ExceptBy(bare.Select(manifest => (manifest.Body.Text("kind"), manifest.Body.NameOf())), body => (body.Text("kind"), body.NameOf()));
        GoldenFile.Check(
            $"{option}.txt",
            string.Concat([.. difference.Select(line => line + "\n"), .. added.Select(body => "---\n" + YamlWriting.Write(body))]));
    }

    [Fact]
    public void Options_OfThePackage_AreAllCovered()
    {
        Assert.Equal(offered.Package.OptionNames(), EveryOption.Select(row => row.Data).Append("managed-control-plane-webhooks").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Effective_OptionsThenOverlays_LaterOnesWin()
    {
        var values = Values() with
        {
            Options = ["envoy-access-log", "legacy-default-ingressgateway"],
            Overlays = [Overlay("a.yaml", "meshConfig: {accessLogFile: /dev/a, trustDomainAliases: [old.example]}"), Overlay("b.yaml", "meshConfig: {accessLogFile: /dev/b}")],
        };

        var effective = EffectiveOperator.Of(offered.Package, values);

        GoldenFile.Check("effective-operator.yaml", effective);
    }

    [Theory]
    [InlineData("meshConfig: {accessLogFile: /dev/stdout}")]
    [InlineData("meshConfig: {defaultConfig: {proxyMetadata: {PLUGINS: null, MINE: \"1\"}}, trustDomainAliases: [fleet.svc.id.goog, other.example]}")]
    [InlineData("components: {ingressGateways: [{name: istio-ingressgateway, enabled: true}, {name: second, enabled: true}]}")]
    [InlineData("components: {pilot: {k8s: {replicaCount: 3, env: [{name: ONLY, value: \"yes\"}]}}}")]
    [InlineData("values: {global: {proxy: {tracer: stackdriver}}, telemetry: null}")]
    public async Task Effective_RenderedAlone_IsWhatAllOverlaysTogetherRender(string spec)
    {
        var values = Values() with { Options = ["stackdriver", "cni-selinux"], Overlays = [Overlay("own.yaml", spec), Overlay("more.yaml", "values: {pilot: {env: {A: b}}}")] };
        var separate = Yaml.ReadObjects(await ManifestRenderer.RenderDirectlyAsync(offered.Package, values, Token));

        var alone = Yaml.ReadObjects(await Istioctl.GenerateAsync(
            offered.Package.Istioctl, values.Revision, [("operator", EffectiveOperator.Of(offered.Package, values))], Token));

        Assert.NotEmpty(separate);
        Assert.Empty(RenderedDifference.Between(separate, alone));
    }

    [Fact]
    public void Merge_Directives_ReplaceAndDelete()
    {
        var spec = Json("""{"components":{"ingressGateways":[{"name":"a"},{"name":"b"}]},"values":{"global":{"x":1,"y":2}}}""");

        OperatorMerge.Lay(
            Json("""{"components":{"ingressGateways":[{"name":"a","$patch":"delete"}]},"values":{"global":{"$patch":"replace","z":3}}}"""), spec);

        Assert.Equal("""{"components":{"ingressGateways":[{"name":"b"}]},"values":{"global":{"z":3}}}""", spec.ToJsonString());
    }

    [Theory]
    [InlineData("stackdriv", "stackdriver")]
    [InlineData("stackdirver", "stackdriver")]
    [InlineData("legacy-default-ingresgateway", "legacy-default-ingressgateway")]
    [InlineData("cni", "cni-gcp")]
    [InlineData("envoy", "envoy-core-dump")]
    public void Option_Unknown_IsRefusedWithTheNearestAndAllThatThereAre(string wrong, string near)
    {
        var refused = Assert.Throws<MeshException>(() => offered.Package.OptionFile(wrong));

        Assert.Equal("OPTION_UNKNOWN", refused.Reason);
        Assert.StartsWith($"Did you mean '{near}'?", refused.Hint, StringComparison.Ordinal);
        Assert.All(offered.Package.OptionNames(), name => Assert.Contains(name, refused.Hint, StringComparison.Ordinal));
    }

    [Fact]
    public void Option_LikeNone_IsRefusedWithoutAGuess()
    {
        var refused = Assert.Throws<MeshException>(() => offered.Package.OptionFile("zzzzzzzzzzzz"));

        Assert.StartsWith("It has: attached-cluster", refused.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("apiVersion: install.istio.io/v1beta9\nkind: IstioOperator\n", "is no IstioOperator of install.istio.io/v1alpha1")]
    [InlineData("apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {revision: mine}\n", "sets spec.revision")]
    [InlineData("apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {namespace: mine}\n", "sets spec.namespace")]
    public void Overlay_ThatCannotBe_IsRefusedByNameAndWithARemedy(string content, string says)
    {
        var refused = Assert.Throws<MeshException>(() => EffectiveOperator.Of(offered.Package, Values() with { Overlays = [new Overlay("mine.yaml", content)] }));

        Assert.Equal("OVERLAY_INVALID", refused.Reason);
        Assert.Contains("'mine.yaml'", refused.Message, StringComparison.Ordinal);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.NotEmpty(refused.Hint);
    }

    private static JsonObject Json(string text) => Assert.IsType<JsonObject>(JsonNode.Parse(text));

    private static Overlay Overlay(string name, string spec) =>
        new(name, $"apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {{{spec}}}\n");

    private static MeshValues Values() => new()
    {
        Revision = "asm-1233-2",
        FleetProject = "fleet",
        FleetNumber = "999",
        Cluster = new MeshCluster("p1", "111", "us-central1", "c1", "p1-default", "https://issuer/p1/c1"),
    };
}
