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
    [InlineData("components: {pilot: {k8s: {$patch: replace, replicaCount: 7}}, egressGateways: [{name: istio-egressgateway, $patch: delete}]}")]
    [InlineData("meshConfig: {$deleteFromPrimitiveList/trustDomainAliases: [fleet.hub.id.goog], $setElementOrder/trustDomainAliases: [p1.svc.id.goog, z.example], trustDomainAliases: [z.example]}")]
    [InlineData("components: {$setElementOrder/ingressGateways: [{name: second}, {name: istio-ingressgateway}], ingressGateways: [{name: second, enabled: true}]}")]
    [InlineData("meshConfig: {defaultConfig: {$retainKeys: [proxyMetadata, concurrency], concurrency: 2, proxyMetadata: {A: b}}}")]
    [InlineData("meshConfig: {defaultConfig: {tracing: {sampling: 5}, proxyMetadata: {$patch: delete}}}")]
    public async Task Effective_RenderedAlone_IsWhatAllOverlaysTogetherRender(string spec)
    {
        var values = Values() with { Options = ["stackdriver", "cni-selinux"], Overlays = [Overlay("own.yaml", spec), Overlay("more.yaml", "values: {pilot: {env: {A: b}}}")] };
        var separate = Yaml.ReadObjects(await ManifestRenderer.RenderDirectlyAsync(offered.Package, values, Token));

        var alone = Yaml.ReadObjects(await Istioctl.GenerateAsync(
            offered.Package.Istioctl, values.Revision, [("operator", EffectiveOperator.Of(offered.Package, values))], Token));

        Assert.NotEmpty(separate);
        Assert.Empty(RenderedDifference.Between(separate, alone));
    }

    [Theory]
    [InlineData("""{"values":{"global":{"$patch":"replace","z":3}}}""", """{"components":{"ingressGateways":[{"name":"a","x":1},{"name":"b"}]},"meshConfig":{"trustDomainAliases":["u","v"]},"values":{"global":{"z":3}}}""")]
    [InlineData("""{"values":{"global":{"$patch":"delete","z":3}}}""", """{"components":{"ingressGateways":[{"name":"a","x":1},{"name":"b"}]},"meshConfig":{"trustDomainAliases":["u","v"]},"values":{"global":{}}}""")]
    [InlineData("""{"$patch":"replace","tag":"t"}""", """{"tag":"t"}""")]
    [InlineData("""{"$retainKeys":["values","tag"],"tag":"t"}""", """{"values":{"global":{"x":1,"y":{"w":2}}},"tag":"t"}""")]
    [InlineData("""{"components":{"ingressGateways":[{"name":"a","$patch":"delete"}]},"meshConfig":null,"values":null}""", """{"components":{"ingressGateways":[{"name":"b"}]}}""")]
    [InlineData("""{"components":{"ingressGateways":[{"$patch":"replace"},{"name":"c"}]},"meshConfig":null,"values":null}""", """{"components":{"ingressGateways":[{"name":"c"}]}}""")]
    [InlineData("""{"components":{"ingressGateways":[{"name":"c"},{"name":"b","x":2}]},"meshConfig":null,"values":null}""", """{"components":{"ingressGateways":[{"name":"c"},{"name":"a","x":1},{"name":"b","x":2}]}}""")]
    [InlineData("""{"components":{"$setElementOrder/ingressGateways":[{"name":"b"},{"name":"a"}]},"meshConfig":null,"values":null}""", """{"components":{"ingressGateways":[{"name":"b"},{"name":"a","x":1}]}}""")]
    [InlineData("""{"components":{"$setElementOrder/ingressGateways":[{"name":"a"},{"name":"c"},{"name":"b"}],"ingressGateways":[{"name":"c"}]},"meshConfig":null,"values":null}""", """{"components":{"ingressGateways":[{"name":"a","x":1},{"name":"c"},{"name":"b"}]}}""")]
    [InlineData("""{"meshConfig":{"$deleteFromPrimitiveList/trustDomainAliases":["u","none"]},"components":null,"values":null}""", """{"meshConfig":{"trustDomainAliases":["v"]}}""")]
    [InlineData("""{"meshConfig":{"trustDomainAliases":["w","v"]},"components":null,"values":null}""", """{"meshConfig":{"trustDomainAliases":["w","u","v"]}}""")]
    [InlineData("""{"meshConfig":{"defaultConfig":{"$patch":"delete","concurrency":1},"$deleteFromPrimitiveList/none":["u"],"trustDomainAliases":null},"components":null,"values":null}""", "meshConfig.none: $deleteFromPrimitiveList/none is for lists that grow")]
    [InlineData("""{"meshConfig":{"defaultConfig":{"$patch":"delete","concurrency":1,"image":null}},"components":null,"values":null}""", """{"meshConfig":{"trustDomainAliases":["u","v"],"defaultConfig":{"concurrency":1}}}""")]
    [InlineData("""{"values":{"global":{"$patch":"merge"}}}""", "spec.values.global: $patch is 'merge'")]
    [InlineData("""{"values":{"$retainKeys":["x"],"global":{}}}""", "spec.values: $retainKeys lacks 'global'")]
    [InlineData("""{"values":{"$retainKeys":"global"}}""", "spec.values.$retainKeys: is no list")]
    [InlineData("""{"values":{"global":{"$patch":"replace","y":{"$patch":"delete"}}}}""", "spec.values.global.y: $patch in a map that is replaced")]
    [InlineData("""{"components":{"ingressGateways":[{"x":1}]}}""", "spec.components.ingressGateways: an item has no name")]
    [InlineData("""{"components":{"ingressGateways":[{"name":"a","$patch":"merge"}]}}""", "spec.components.ingressGateways: $patch of an item is 'merge'")]
    [InlineData("""{"components":{"$deleteFromPrimitiveList/ingressGateways":["a"]}}""", "this one is merged: use $patch: delete")]
    [InlineData("""{"components":{"$setElementOrder/ingressGateways":[{"name":"a"}],"ingressGateways":[{"name":"c"}]}}""", "has not all items of the list")]
    public void Merge_Directive_DoesWhatItDoesInKubernetesOrIsRefusedByItsPath(string over, string expected)
    {
        var spec = Json("""{"components":{"ingressGateways":[{"name":"a","x":1},{"name":"b"}]},"meshConfig":{"trustDomainAliases":["u","v"]},"values":{"global":{"x":1,"y":{"w":2}}}}""");

        if (expected.StartsWith('{'))
        {
            OperatorMerge.Lay(Json(over), spec);
            Assert.Equal(expected, spec.ToJsonString());
        }
        else
        {
            Assert.Contains(expected, Assert.Throws<FormatException>(() => OperatorMerge.Lay(Json(over), spec)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Overlay_WithADirectiveThatCannotBeFollowed_IsRefusedByNameAndPath()
    {
        var refused = Assert.Throws<MeshException>(() => EffectiveOperator.Of(
            offered.Package, Values() with { Overlays = [Overlay("mine.yaml", "components: {pilot: {k8s: {$patch: merge}}}")] }));

        Assert.Equal("OVERLAY_INVALID", refused.Reason);
        Assert.Contains("'mine.yaml' can't be laid over the operator: spec.components.pilot.k8s: $patch is 'merge'", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("components: {pilot: {k8s: {env: [{name: A, $patch: delete}]}}}")]
    [InlineData("components: {pilot: {k8s: {$patch: merge}}}")]
    [InlineData("components: {egressGateways: [{enabled: true}]}")]
    [InlineData("meshConfig: {$setElementOrder/trustDomainAliases: [a], trustDomainAliases: [b]}")]
    [InlineData("values: {global: {$retainKeys: [a], b: 1}}")]
    [InlineData("values: {global: {$patch: replace, proxy: {$patch: delete}}}")]
    public async Task Overlay_ThatOursRefuses_IstioctlRefusesToo(string spec)
    {
        var values = Values() with { Overlays = [Overlay("mine.yaml", spec)] };

        Assert.Equal("OVERLAY_INVALID", Assert.Throws<MeshException>(() => EffectiveOperator.Of(offered.Package, values)).Reason);
        var refused = await Assert.ThrowsAsync<MeshException>(() => ManifestRenderer.RenderDirectlyAsync(offered.Package, values, Token));

        Assert.Equal("ISTIOCTL_FAILED", refused.Reason);
        Assert.Contains("json merge error", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hub: of.spec, tag: spec", "of.spec/pilot:spec")]
    [InlineData("hub: of.spec, tag: spec, values: {global: {hub: of.global}}", "of.global/pilot:spec")]
    [InlineData("hub: of.spec, tag: spec, values: {global: {hub: of.global, tag: global}, pilot: {tag: pilot}}", "of.global/pilot:pilot")]
    [InlineData("hub: of.spec, values: {global: {hub: of.global}, pilot: {hub: of.pilot, tag: pilot}}, components: {pilot: {tag: component}}", "of.pilot/pilot:component")]
    [InlineData("values: {pilot: {image: whole.example/istiod@sha256}}", "whole.example/istiod@sha256")]
    public async Task Render_HubAndTag_TheNarrowerOneWins(string spec, string image)
    {
        var manifests = await offered.Renderer.RenderAsync(offered.Package, Values() with { Overlays = [Overlay("own.yaml", spec)] }, Token);

        var istiod = manifests.Select(manifest => manifest.Body).Single(body => body.Text("kind") == "Deployment" && body.NameOf() == "istiod-asm-1233-2");
        Assert.Equal(image, istiod["spec"]?["template"]?["spec"]?["containers"]?[0]?["image"]?.ToString());
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
