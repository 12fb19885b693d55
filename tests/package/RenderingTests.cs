using System.Diagnostics;
using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.MeshPackage;
using MeshWorkflow.MeshPackage.Manifests;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Tests.Package;

public sealed class RenderingTests
{
    private static readonly PackageRequest Wanted = new(MeshVersion.Parse("1.23.3-asm.2"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("fleet", "net-a", CertificateAuthority.MeshCa)]
    [InlineData("p1", "net-a", CertificateAuthority.MeshCa)]
    [InlineData("p1", "1234", CertificateAuthority.MeshCa)]
    [InlineData("p1", "true", CertificateAuthority.CaService)]
    [InlineData("p1", "net-a", CertificateAuthority.IstioCa)]
    public async Task Render_FilledIn_IsWhatADirectRenderingGives(string project, string network, CertificateAuthority authority)
    {
        await using var server = await PackageServer.StartAsync();
        var package = await server.Packages().GetAsync(Wanted, Token);
        using var renderer = new ManifestRenderer();
        var values = Values(project, "c1", network) with
        {
            Authority = authority,
            AuthorityPool = "projects/p1/locations/us-central1/caPools/pool",
            Options = ["stackdriver", "multicluster"],
            Overlays = [new Overlay("own.yaml", "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {meshConfig: {accessLogFile: /dev/stdout}}\n")],
        };

        // Another cluster first, so that its rendering is the one that is filled in.
        await renderer.RenderAsync(package, values with { Cluster = Values(project, "other", network).Cluster }, Token);
        var filled = await renderer.RenderAsync(package, values, Token);
        var direct = Yaml.ReadObjects(await ManifestRenderer.RenderDirectlyAsync(package, values, Token));

        Assert.Equal(direct.Count, filled.Count);
        Assert.NotEmpty(direct);
        Assert.All(direct.Zip(filled), pair => Assert.Equal(pair.First.ToJsonString(), pair.Second.Body.ToJsonString()));
        Assert.Equal(1, renderer.Runs);
    }

    [Fact]
    public async Task Render_ManyClusters_RunsIstioctlOnceAndSharesWhatIsTheSame()
    {
        await using var server = await PackageServer.StartAsync();
        var package = await server.Packages().GetAsync(Wanted, Token);
        using var renderer = new ManifestRenderer();

        var rendered = await Task.WhenAll(Enumerable.Range(1, 20).Select(i =>
            renderer.RenderAsync(package, Values($"p{i % 3}", $"c{i}", "net"), Token)));

        Assert.Equal(1, renderer.Runs);
        Assert.All(rendered, manifests => Assert.Equal(["ConfigMap", "ConfigMap", "Deployment"], manifests
            .Where(manifest => !manifest.IsShared).Select(manifest => manifest.Body.Text("kind") ?? "").Order()));
        Assert.All(rendered, manifests => Assert.Same(rendered[0][0].Body, manifests[0].Body));
    }

    [Fact]
    public async Task Render_MeshCa_SetsTheValuesOfTheDocument()
    {
        await using var server = await PackageServer.StartAsync();
        var package = await server.Packages().GetAsync(Wanted, Token);
        using var renderer = new ManifestRenderer();

        var manifests = await renderer.RenderAsync(package, Values("p1", "c1", "p1-default"), Token);

        var mesh = Assert.IsType<JsonObject>(Yaml.Read(Find(manifests, "ConfigMap", "istio-asm-1233-2").Text("data", "mesh")!)[0]);
        Assert.Equal("fleet.svc.id.goog", mesh.Text("trustDomain"));
        Assert.Equal(
            ["fleet.svc.id.goog", "fleet.hub.id.goog", "p1.svc.id.goog"], (mesh["trustDomainAliases"] as JsonArray)!.Select(alias => alias!.GetValue<string>()));
        Assert.Equal("p1|111|c1|us-central1", mesh.Text("defaultConfig", "proxyMetadata", "GCP_METADATA"));
        Assert.Equal("https://issuer/p1/c1", mesh.Text("defaultConfig", "proxyMetadata", "GKE_CLUSTER_URL"));
        var values = Assert.IsType<JsonObject>(JsonNode.Parse(Find(manifests, "ConfigMap", "istio-sidecar-injector-asm-1233-2").Text("data", "values")!));
        Assert.Equal("proj-999", values.Text("global", "meshID"));
        Assert.Equal("cn-p1-us-central1-c1", values.Text("global", "multiCluster", "clusterName"));
        Assert.Equal("p1-default", values.Text("global", "network"));
        Assert.Equal("meshca.googleapis.com:443", values.Text("global", "caAddress"));
        var pod = Find(manifests, "Deployment", "istiod-asm-1233-2").Items("spec", "template", "spec", "containers").Single();
        Assert.Equal("gke.gcr.io/asm/pilot:1.23.3-asm.2", pod.Text("image"));
        Assert.Equal("istio-ca,fleet.svc.id.goog", pod.Items("env").First(one => one.Text("name") == "TOKEN_AUDIENCES").Text("value"));
    }

    [Fact]
    public async Task Render_LaterOverlay_Wins()
    {
        await using var server = await PackageServer.StartAsync();
        var package = await server.Packages().GetAsync(Wanted, Token);
        using var renderer = new ManifestRenderer();
        static Overlay Log(string name, string file) =>
            new(name, $"apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {{meshConfig: {{accessLogFile: {file}}}}}\n");

        var manifests = await renderer.RenderAsync(
            package,
            Values("p1", "c1", "net") with { Options = ["envoy-access-log"], Overlays = [Log("a", "/dev/a"), Log("b", "/dev/b")] },
            Token);

        Assert.Contains("accessLogFile: /dev/b", Find(manifests, "ConfigMap", "istio-asm-1233-2").Text("data", "mesh"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Render_AliasesThatAreKnown_ComeOnce()
    {
        await using var server = await PackageServer.StartAsync();
        var package = await server.Packages().GetAsync(Wanted, Token);
        using var renderer = new ManifestRenderer();
        var values = Values("p1", "c1", "net");

        var manifests = await renderer.RenderAsync(
            package,
            values with { Cluster = values.Cluster with { KnownAliases = ["p1.svc.id.goog", "old.svc.id.goog"] } },
            Token);

        var mesh = Assert.IsType<JsonObject>(Yaml.Read(Find(manifests, "ConfigMap", "istio-asm-1233-2").Text("data", "mesh")!)[0]);
        Assert.Equal(
            ["fleet.svc.id.goog", "fleet.hub.id.goog", "p1.svc.id.goog", "old.svc.id.goog"],
            (mesh["trustDomainAliases"] as JsonArray)!.Select(alias => alias!.GetValue<string>()));
    }

    [Theory]
    [InlineData("no-such-option", "OPTION_UNKNOWN")]
    [InlineData("../istio-operator", "OPTION_UNKNOWN")]
    [InlineData("managed-control-plane-webhooks", "OPTION_UNSUPPORTED")]
    public async Task Render_OptionThatIsNone_IsRefused(string option, string reason)
    {
        await using var server = await PackageServer.StartAsync();
        var package = await server.Packages().GetAsync(Wanted, Token);
        using var renderer = new ManifestRenderer();

        var refused = await Assert.ThrowsAsync<MeshException>(() =>
            renderer.RenderAsync(package, Values("p1", "c1", "net") with { Options = [option] }, Token));

        Assert.Equal(reason, refused.Reason);
    }

    [Theory]
    [InlineData("kind: Deployment\napiVersion: apps/v1\n", "OVERLAY_INVALID")]
    [InlineData("{unclosed", "OVERLAY_INVALID")]
    [InlineData("apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {profile: no-such}\n", "ISTIOCTL_FAILED")]
    public async Task Render_OverlayThatIsNone_IsRefusedByName(string content, string reason)
    {
        await using var server = await PackageServer.StartAsync();
        var package = await server.Packages().GetAsync(Wanted, Token);
        using var renderer = new ManifestRenderer();

        var refused = await Assert.ThrowsAsync<MeshException>(() =>
            renderer.RenderAsync(package, Values("p1", "c1", "net") with { Overlays = [new Overlay("mine.yaml", content)] }, Token));

        Assert.Equal(reason, refused.Reason);
    }

    [Fact]
    public async Task Version_OfTheStandIn_SaysWhatItIs()
    {
        await using var server = await PackageServer.StartAsync();
        var package = await server.Packages().GetAsync(Wanted, Token);
        using var process = Process.Start(new ProcessStartInfo(package.Istioctl, ["version", "--remote=false"]) { RedirectStandardOutput = true })!;

        var output = await process.StandardOutput.ReadToEndAsync(Token);

        Assert.Contains("1.23.3-asm.2", output, StringComparison.Ordinal);
        Assert.Contains("stand-in", output, StringComparison.Ordinal);
    }

    private static MeshValues Values(string project, string cluster, string network) => new()
    {
        Revision = "asm-1233-2",
        FleetProject = "fleet",
        FleetNumber = "999",
        Cluster = new MeshCluster(project, "111", "us-central1", cluster, network, $"https://issuer/{project}/{cluster}"),
    };

    private static JsonObject Find(IReadOnlyList<RenderedManifest> manifests, string kind, string name) =>
        manifests.Single(manifest => manifest.Body.Text("kind") == kind && manifest.Body.NameOf() == name).Body;
}
