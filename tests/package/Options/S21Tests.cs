using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.MeshPackage;
using MeshWorkflow.MeshPackage.Contents;
using MeshWorkflow.MeshPackage.Manifests;
using MeshWorkflow.Steps.Failures;
using Contents = MeshWorkflow.MeshPackage.Contents.Package;

namespace MeshWorkflow.Tests.Package.Options;

/// <summary>Options and overlays: what each makes of the control plane, in which order, and what is refused.</summary>
public sealed class S21Tests(OfferedPackage offered) : IClassFixture<OfferedPackage>
{
    private static readonly string[] Contested = ["clusterName", "prometheus.enabled", "accessLogFile", "trustDomain:", "localityLb"];

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

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
            string.Concat([.. EffectiveOperator.Layers(offered.Package, values).Concat(difference).Select(line => line + "\n"), .. added.Select(body => "---\n" + YamlWriting.Write(body))]));
    }

    // By hand from the reference's table, which says what Google's files set.
    [Theory]
    [InlineData("attached-cluster", "values.global.pilotCertProvider", "\"istiod\"")]
    [InlineData("audit-authorizationpolicy", "values.telemetry.v2.stackdriver.configOverride.enable_audit_log", "true")]
    [InlineData("ca-migration-citadel", "values.pilot.env.ISTIO_MULTIROOT_MESH", "\"true\"")]
    [InlineData("ca-migration-citadel", "meshConfig.defaultConfig.proxyMetadata.PROXY_CONFIG_XDS_AGENT", "\"true\"")]
    [InlineData("ca-migration-meshca", "values.pilot.env", """{"ENABLE_CA_SERVER":"false","ISTIO_MULTIROOT_MESH":"true"}""")]
    [InlineData("ca-migration-meshca", "meshConfig.defaultConfig.proxyMetadata.PROXY_CONFIG_XDS_AGENT", "\"true\"")]
    [InlineData("ca-migration-meshca", "meshConfig.trustDomainAliases", """["cluster.local","fleet.svc.id.goog","fleet.hub.id.goog","p1.svc.id.goog"]""")]
    [InlineData("citadel-ca", "meshConfig.trustDomain", "\"cluster.local\"")]
    [InlineData("citadel-ca", "meshConfig.defaultConfig.proxyMetadata.CA_PROVIDER", "\"Citadel\"")]
    [InlineData("citadel-ca", "meshConfig.defaultConfig.proxyMetadata.PLUGINS", "\"\"")]
    [InlineData("citadel-ca", "values.global.caAddress", "\"\"")]
    [InlineData("cloud-tracing", "meshConfig.enableTracing", "true")]
    [InlineData("cloud-tracing", "values.global.proxy.tracer", "\"stackdriver\"")]
    [InlineData("cni-gcp", "components.cni", """{"enabled":true,"namespace":"kube-system"}""")]
    [InlineData("cni-gcp", "values.cni", """{"cniBinDir":"/home/kubernetes/bin","excludeNamespaces":["istio-system","kube-system"]}""")]
    [InlineData("cni-onprem", "values.cni", """{"cniBinDir":"/opt/cni/bin","excludeNamespaces":["istio-system","kube-system","gke-system"]}""")]
    [InlineData("cni-baremetal-rhel", "values.cni.privileged", "true")]
    [InlineData("cni-onprem-selinux", "components.cni.k8s.overlays", """[{"kind":"DaemonSet","name":"istio-cni-node","patches":[{"path":"spec.template.spec.containers.[name:install-cni].securityContext","value":{"privileged":true}}]}]""")]
    [InlineData("cni-selinux", "values.cni.cniBinDir", "\"/home/kubernetes/bin\"")]
    [InlineData("distroless-proxy", "meshConfig.defaultConfig.image.imageType", "\"distroless\"")]
    [InlineData("envoy-access-log", "meshConfig.accessLogFile", "\"/dev/stdout\"")]
    [InlineData("envoy-core-dump", "values.global.proxy.enableCoreDumps", "true")]
    [InlineData("iap-operator", "components.ingressGateways.0.k8s.service.type", "\"NodePort\"")]
    [InlineData("internal-load-balancer", "components.ingressGateways.0.k8s.serviceAnnotations", """{"cloud.google.com/load-balancer-type":"internal"}""")]
    [InlineData("legacy-default-egressgateway", "components.egressGateways.0.enabled", "true")]
    [InlineData("legacy-default-ingressgateway", "components.ingressGateways.0.enabled", "true")]
    [InlineData("managed_cas", "values.global.caName", "\"GkeWorkloadCertificate\"")]
    [InlineData("multicloud", "profile", "\"asm-multicloud\"")]
    [InlineData("multicluster", "values.global.multiCluster.clusterName", "\"cn-p1-us-central1-c1\"")]
    [InlineData("multiproject", "profile", "\"asm-gcp-multiproject\"")]
    [InlineData("multiproject", "meshConfig.trustDomainAliases", """["fleet.svc.id.goog","fleet.hub.id.goog","p1.svc.id.goog"]""")]
    [InlineData("multiproject", "values.global.meshID", "\"proj-999\"")]
    [InlineData("openshift", "values.cni.cniConfDir", "\"/etc/cni/multus/net.d\"")]
    [InlineData("openshift", "values.sidecarInjectorWebhook.injectedAnnotations", """{"k8s.v1.cni.cncf.io/networks":"istio-cni"}""")]
    [InlineData("private-ca", "meshConfig.defaultConfig.proxyMetadata.CA_PROVIDER", "\"GoogleCAS\"")]
    [InlineData("prometheus", "values.telemetry.v2", """{"enabled":true,"prometheus":{"enabled":true},"stackdriver":{"enabled":false}}""")]
    [InlineData("stackdriver", "values.telemetry.v2", """{"enabled":true,"prometheus":{"enabled":false},"stackdriver":{"enabled":true}}""")]
    [InlineData("prometheus-and-stackdriver", "values.telemetry.v2", """{"enabled":true,"prometheus":{"enabled":true},"stackdriver":{"enabled":true}}""")]
    [InlineData("v1beta1-crds", "values.base.crdVersion", "\"v1beta1\"")]
    public void Effective_Option_HasWhatTheReferenceSays(string option, string path, string expected)
    {
        var values = Values() with { Options = [option] };

        var effective = Yaml.ReadObjects(EffectiveOperator.Of(offered.Package, values)).Single();

        var found = path.Split('.').Aggregate(effective["spec"], (node, part) => node is JsonArray items ? items[int.Parse(part, CultureInfo.InvariantCulture)] : node?[part]);
        Assert.Equal(expected, found?.ToJsonString(Readable));

        // And the plan says of which option it is: what it changes, or that it is so already.
        var names = string.Join('.', path.Split('.').TakeWhile(part => part.Any(letter => !char.IsDigit(letter))));
        Assert.Contains(
            EffectiveOperator.Layers(offered.Package, values),
            line => line.StartsWith($"~ {option} spec.{names}", StringComparison.Ordinal) || line.StartsWith($"= {option} spec.{names}", StringComparison.Ordinal));
    }

    // What the package's files have in the place of values stands there in capitals.
    [Theory]
    [InlineData(CertificateAuthority.MeshCa, "multiproject")]
    [InlineData(CertificateAuthority.CaService, "multicluster")]
    [InlineData(CertificateAuthority.IstioCa, "multiproject")]
    public void Effective_EveryAuthority_HasNoPlaceholderLeft(CertificateAuthority authority, string option)
    {
        var values = Values() with { Authority = authority, AuthorityPool = "projects/p1/locations/l/caPools/pool", Options = [option] };

        Assert.DoesNotMatch("(FLEET|PROJECT|NETWORK)_(ID|NUMBER)|CLUSTER_(NAME|LOCATION)|ASM_(TAG|REV)|IDP_URL", EffectiveOperator.Of(offered.Package, values));
    }

    [Fact]
    public void Layers_LaterOnesWin_SayWhoSetWhat()
    {
        var values = Values() with
        {
            Authority = CertificateAuthority.IstioCa,
            Options = ["multicluster", "envoy-access-log"],
            Overlays = [Overlay("own.yaml", "meshConfig: {accessLogFile: /dev/own, trustDomain: mine, localityLbSetting: null}")],
        };

        var layers = EffectiveOperator.Layers(offered.Package, values);

        Assert.Equal(
            [
                "~ citadel-ca spec.meshConfig.trustDomain: \"fleet.svc.id.goog\" -> \"cluster.local\"",
                "~ prometheus spec.values.telemetry.v2.prometheus.enabled: false -> true",
                "= multicluster spec.values.global.multiCluster.clusterName: \"cn-p1-us-central1-c1\"",
                "~ envoy-access-log spec.meshConfig.accessLogFile: + \"/dev/stdout\"",
                "~ own.yaml spec.meshConfig.accessLogFile: \"/dev/stdout\" -> \"/dev/own\"",
                "~ own.yaml spec.meshConfig.localityLbSetting.enabled: - false",
                "~ own.yaml spec.meshConfig.trustDomain: \"cluster.local\" -> \"mine\"",
                "~ citadel-ca-last spec.meshConfig.trustDomain: \"mine\" -> \"cluster.local\"",
            ],
            layers.Where(line => Contested.Any(part => line.Contains(part, StringComparison.Ordinal))));
        Assert.Empty(EffectiveOperator.Layers(offered.Package, values with { Options = [], Overlays = [] }));
    }

    // A package whose operator has other values, as Google's had in earlier releases: there these options change what is rendered.
    [Theory]
    [InlineData("attached-cluster", "pilotCertProvider: istiod", "pilotCertProvider: kubernetes", "PILOT_CERT_PROVIDER", "kubernetes", "istiod")]
    [InlineData("multicluster", "clusterName: cn-PROJECT_ID-CLUSTER_LOCATION-CLUSTER_NAME #", "clusterName: other #x", "CLUSTER_ID", "other", "cn-p1-us-central1-c1")]
    public async Task Render_OptionOverAnOperatorThatSaysOtherwise_ChangesIstiod(string option, string inOperator, string other, string variable, string before, string after)
    {
        await using var server = await PackageServer.StartAsync();
        var package = await OtherOperatorAsync(server, text => text.Replace(inOperator, other, StringComparison.Ordinal));
        using var renderer = new ManifestRenderer();

        var bare = await renderer.RenderAsync(package, Values(), Token);
        var values = Values() with { Options = [option] };
        var made = await renderer.RenderAsync(package, values, Token);

        Assert.Equal(before, Variable(bare, variable));
        Assert.Equal(after, Variable(made, variable));
        Assert.Contains(
            $"~ Deployment istio-system/istiod-asm-1233-2 spec.template.spec.containers[discovery].env[{variable}].value: \"{before}\" -> \"{after}\"",
            await renderer.DifferenceAsync(package, values, made, Token));
        Assert.Contains(EffectiveOperator.Layers(package, values), line => line.StartsWith($"~ {option} ", StringComparison.Ordinal) && line.EndsWith($"\"{before}\" -> \"{after}\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Render_MultiprojectOverAnOperatorThatSaysOtherwise_BringsMeshAndTrustDomains()
    {
        await using var server = await PackageServer.StartAsync();
        var package = await OtherOperatorAsync(server, text => text
            .Replace("meshID: proj-FLEET_NUMBER #", "meshID: other #x", StringComparison.Ordinal)
            .Replace("trustDomainAliases: #", "trustDomainAliases: #x", StringComparison.Ordinal));
        using var renderer = new ManifestRenderer();
        var values = Values() with { Options = ["multiproject"] };

        var difference = await renderer.DifferenceAsync(package, values, await renderer.RenderAsync(package, values, Token), Token);

        Assert.Contains("~ ConfigMap istio-system/istio-asm-1233-2 data.mesh.defaultConfig.meshId: \"other\" -> \"proj-999\"", difference);
        Assert.Contains(
            difference,
            line => line.Contains("data.mesh.trustDomainAliases", StringComparison.Ordinal) && line.Contains("\"fleet.hub.id.goog\",\"p1.svc.id.goog\"", StringComparison.Ordinal));
    }

    // What nothing else sets is the profile's: with multicloud metrics go to Prometheus then.
    [Theory]
    [InlineData("multicloud", "prometheus")]
    [InlineData("multiproject", "stackdriver")]
    [InlineData("multicluster", null)]
    public async Task Render_OptionWithAProfile_HasTheProfileUnderIt(string option, string? provider)
    {
        var values = Values() with { Options = [option], Overlays = [Overlay("bare.yaml", "values: {telemetry: null}")] };

        var manifests = await offered.Renderer.RenderAsync(offered.Package, values, Token);

        var mesh = manifests.Single(manifest => manifest.Body.NameOf() == "istio-asm-1233-2").Body.Text("data", "mesh")!;
        Assert.Equal(provider, Yaml.Read(mesh).Single()["defaultProviders"]?["metrics"]?[0]?.ToString());
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

    private static async Task<Contents> OtherOperatorAsync(PackageServer server, Func<string, string> change)
    {
        var wanted = new PackageRequest(MeshVersion.Parse("1.23.3-asm.2"));
        var folder = server.Folder("other");
        PackageOutput.Write(await server.Packages().GetAsync(wanted, Token), folder);
        File.Delete(Path.Combine(folder, PackageManifest.FileName));
        var file = Path.Combine(folder, "asm/istio/istio-operator.yaml");
        var text = await File.ReadAllTextAsync(file, Token);
        Assert.NotEqual(text, change(text));
        await File.WriteAllTextAsync(file, change(text), Token);
        return await server.Packages().GetAsync(wanted with { Release = folder, Configuration = folder }, Token);
    }

    private static string? Variable(IEnumerable<RenderedManifest> manifests, string name) => manifests
        .Single(manifest => manifest.Body.Text("kind") == "Deployment" && manifest.Body.NameOf() == "istiod-asm-1233-2").Body
        .Node("spec", "template", "spec")!.AsObject().Items("containers").Single().Items("env").Single(one => one.Text("name") == name).Text("value");

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
