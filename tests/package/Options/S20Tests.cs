using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.MeshPackage.Manifests;

namespace MeshWorkflow.Tests.Package.Options;

/// <summary>Where metrics go: with Istio CA to Prometheus, else to Stackdriver, and as the options say.</summary>
public sealed class S20Tests(OfferedPackage offered) : IClassFixture<OfferedPackage>
{
    [Theory]
    [InlineData(CertificateAuthority.MeshCa, "", "stackdriver")]
    [InlineData(CertificateAuthority.CaService, "", "stackdriver")]
    [InlineData(CertificateAuthority.IstioCa, "", "prometheus")]
    [InlineData(CertificateAuthority.IstioCa, "stackdriver", "stackdriver")]
    [InlineData(CertificateAuthority.IstioCa, "prometheus-and-stackdriver", "prometheus stackdriver")]
    [InlineData(CertificateAuthority.MeshCa, "prometheus", "prometheus")]
    [InlineData(CertificateAuthority.MeshCa, "prometheus-and-stackdriver", "prometheus stackdriver")]
    [InlineData(CertificateAuthority.IstioCa, "stackdriver prometheus", "prometheus")]
    public async Task Render_AuthorityAndOptions_SendMetricsThere(CertificateAuthority authority, string options, string providers)
    {
        var values = Values(authority, options);

        var manifests = await offered.Renderer.RenderAsync(offered.Package, values, TestContext.Current.CancellationToken);

        var mesh = manifests.Single(manifest => manifest.Body.Text("kind") == "ConfigMap" && manifest.Body.NameOf() == "istio-asm-1233-2").Body.Text("data", "mesh")!;
        var metrics = Assert.IsType<JsonObject>(Yaml.Read(mesh)[0]).Node("defaultProviders", "metrics") as JsonArray ?? [];
        Assert.Equal(providers, string.Join(' ', metrics.Select(provider => provider!.GetValue<string>())));
    }

    // Elsewhere than on Google Cloud istiod tells its own metrics to Stackdriver only if somebody asks for it.
    [Theory]
    [InlineData(true, CertificateAuthority.IstioCa, "", "false")]
    [InlineData(true, CertificateAuthority.IstioCa, "prometheus", "false")]
    [InlineData(true, CertificateAuthority.IstioCa, "stackdriver", "true")]
    [InlineData(true, CertificateAuthority.IstioCa, "prometheus-and-stackdriver", "true")]
    [InlineData(true, CertificateAuthority.MeshCa, "prometheus", "true")]
    [InlineData(false, CertificateAuthority.IstioCa, "", "true")]
    public async Task Render_ClusterElsewhereWithIstioCa_MonitorsIstiodWithStackdriverOnly(bool elsewhere, CertificateAuthority authority, string options, string expected)
    {
        var values = Values(authority, options);

        var manifests = await offered.Renderer.RenderAsync(
            offered.Package, values with { Cluster = values.Cluster with { IsElsewhere = elsewhere } }, TestContext.Current.CancellationToken);

        var istiod = manifests.Single(manifest => manifest.Body.Text("kind") == "Deployment").Body.Node("spec", "template", "spec")!.AsObject();
        var variables = istiod.Items("containers").Single().Items("env");
        Assert.Equal(expected, variables.Single(one => one.Text("name") == "ENABLE_STACKDRIVER_MONITORING").Text("value"));
    }

    private static MeshValues Values(CertificateAuthority authority, string options) => new()
    {
        Revision = "asm-1233-2",
        FleetProject = "fleet",
        FleetNumber = "999",
        Authority = authority,
        AuthorityPool = "projects/p1/locations/us-central1/caPools/pool",
        Options = options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        Cluster = new MeshCluster("p1", "111", "us-central1", "c1", "p1-default", "https://issuer/p1/c1"),
    };
}
