using System.Text.Json.Nodes;
using MeshWorkflow.Protos.Certificates.V1;

namespace MeshWorkflow.Tests.Services.Certificates;

/// <summary>S17: the authority of a control plane that runs is read from it; another one is refused unless the downtime is accepted.</summary>
public sealed class S17Tests
{
    private const string Mine = CaWorld.Pool;
    private const string Other = "projects/prod-apps/locations/us-central1/caPools/other";

    [Theory]
    [InlineData("GoogleCA", "meshca.googleapis.com:443", (int)Authority.MeshCa, "")]
    [InlineData("GoogleCAS", Mine, (int)Authority.CaService, Mine)]
    [InlineData("GoogleCAS", Mine + ":" + CaWorld.Template, (int)Authority.CaService, Mine)]
    public async Task Plan_SameAuthority_HasNothingToSay(string provider, string address, int wanted, string pool)
    {
        using var folder = new CaFolder();
        await using var service = await IstioCaUnderTest.StartAsync(folder);
        await RunAsync(service, "asm-1232-1", provider, address);

        var plan = await service.Step("authority-change", IstioCaUnderTest.Scope, Spec((Authority)wanted, pool)).PlanAsync();

        Assert.Empty(plan.Changes);
        Assert.Empty(plan.Notices);
    }

    [Theory]
    [InlineData("GoogleCA", "meshca.googleapis.com:443", (int)Authority.CaService, Mine, "Mesh CA")]
    [InlineData("GoogleCA", "meshca.googleapis.com:443", (int)Authority.IstioCa, "", "Mesh CA")]
    [InlineData("GoogleCAS", Other, (int)Authority.CaService, Mine, Other)]
    [InlineData("GoogleCAS", Mine, (int)Authority.MeshCa, "", "CA Service")]
    [InlineData("Citadel", "", (int)Authority.MeshCa, "", "Istio CA")]
    [InlineData("", "", (int)Authority.IstioCa, "", "made itself")]
    [InlineData("GkeWorkloadCertificate", "GkeWorkloadCertificate", (int)Authority.MeshCa, "", "GkeWorkloadCertificate")]
    public async Task Plan_AnotherAuthority_IsRefusedUnlessTheDowntimeIsAccepted(string provider, string address, int wanted, string pool, string named)
    {
        using var folder = new CaFolder();
        await using var service = await IstioCaUnderTest.StartAsync(folder);
        await RunAsync(service, "asm-1232-1", provider, address);
        var (spec, accepting) = (Spec((Authority)wanted, pool), Spec((Authority)wanted, pool));
        accepting.AcceptDowntime = true;

        var refused = (await service.Step("authority-change", IstioCaUnderTest.Scope, spec).TryPlanAsync()).Refused;
        var accepted = await service.Step("authority-change", IstioCaUnderTest.Scope, accepting).PlanAsync();

        Assert.Equal("CA_CHANGE", refused.Reason);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.Contains("asm-1232-1", refused.Message, StringComparison.Ordinal);
        Assert.Contains("acceptDowntime", refused.Hint, StringComparison.Ordinal);
        Assert.Equal("CA_CHANGES", Assert.Single(accepted.Notices).Code);
        Assert.Empty(accepted.Changes);
    }

    [Theory]
    [InlineData("true", "caCertificates: [{pem: root}]\n", true)]
    [InlineData("false", "caCertificates: [{pem: root}]\n", false)]
    [InlineData("true", "", false)]
    public async Task Plan_Migration_IsANoticeWhereIstioCaSpreadsBothRootsOnly(string manyRoots, string roots, bool isFine)
    {
        using var folder = new CaFolder();
        using var root = CaFolder.Root();
        await using var service = await IstioCaUnderTest.StartAsync(folder);
        await service.PutAsync(CaFolder.Issue(root).ByName);
        await RunAsync(service, "asm-1232-1", "Citadel", "", manyRoots, roots);
        var spec = Spec(Authority.MeshCa);
        spec.Migrates = true;

        var reply = await service.Step("authority-change", IstioCaUnderTest.Scope, spec).TryPlanAsync();

        Assert.Equal(isFine ? "CA_MIGRATES" : "CA_CHANGE", isFine ? Assert.Single(reply.Planned.Notices).Code : reply.Refused.Reason);
        if (!isFine)
        {
            Assert.Contains("ca-migration-citadel", reply.Refused.Hint, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("asm-1231-1", "CA_CHANGE")]
    [InlineData("asm-1232-1", "CA_MIGRATES")]
    public async Task Plan_MigrationWithAProxyOfACertainRevision_TakesThatOnesRootsForIt(string revision, string code)
    {
        using var folder = new CaFolder();
        using var root = CaFolder.Root();
        await using var service = await IstioCaUnderTest.StartAsync(folder);
        await service.PutAsync(CaFolder.Issue(root).ByName);
        await RunAsync(service, "asm-1231-1", "Citadel", "");
        await RunAsync(service, "asm-1232-1", "Citadel", "", "true", "caCertificates: [{pem: root}]\n");
        await service.Sandbox.ClusterAsync("mesh-a", HttpMethod.Post, "api/v1/namespaces/default/pods", $$$"""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"shop","annotations":{"sidecar.istio.io/status":"{\"revision\":\"{{{revision}}}\"}"}},
             "spec":{"containers":[{"name":"shop","image":"shop"}]}}
            """);
        var spec = Spec(Authority.MeshCa);
        spec.Migrates = true;

        var reply = await service.Step("authority-change", IstioCaUnderTest.Scope, spec).TryPlanAsync();

        Assert.Equal(code, reply.Refused?.Reason ?? Assert.Single(reply.Planned.Notices).Code);
    }

    [Fact]
    public async Task Plan_MigrationFromAPool_IsAChangeAllTheSame()
    {
        using var folder = new CaFolder();
        await using var service = await IstioCaUnderTest.StartAsync(folder);
        await RunAsync(service, "asm-1232-1", "GoogleCAS", Mine, "true", "caCertificates: [{pem: root}]\n");
        var spec = Spec(Authority.MeshCa);
        spec.Migrates = true;

        var refused = (await service.Step("authority-change", IstioCaUnderTest.Scope, spec).TryPlanAsync()).Refused;

        Assert.Equal("CA_CHANGE", refused.Reason);
        Assert.DoesNotContain("ca-migration", refused.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_IstioCaWithASecret_IsLeftToTheSecretsOwnStep()
    {
        using var folder = new CaFolder();
        using var root = CaFolder.Root();
        await using var service = await IstioCaUnderTest.StartAsync(folder);
        await service.PutAsync(CaFolder.Issue(root).ByName);
        await RunAsync(service, "default", "Citadel", "");

        Assert.Empty((await service.Step("authority-change", IstioCaUnderTest.Scope, Spec(Authority.IstioCa)).PlanAsync()).Notices);
    }

    [Fact]
    public async Task Plan_NothingRuns_HasNothingToSay()
    {
        using var folder = new CaFolder();
        await using var service = await IstioCaUnderTest.StartAsync(folder);

        Assert.Empty((await service.Step("authority-change", IstioCaUnderTest.Scope, Spec(Authority.IstioCa)).PlanAsync()).Notices);
    }

    private static AuthorityChangeSpec Spec(Authority authority, string pool = "") => new()
    {
        Cluster = new GkeCluster { Project = SharedWorld.Apps, Location = "us-central1", Name = "mesh-a" },
        Namespace = "istio-system",
        Authority = authority,
        Pool = pool,
    };

    // A control plane as far as it says who signs.
    private static async Task RunAsync(ServiceUnderTest service, string revision, string provider, string address, string manyRoots = "", string roots = "")
    {
        var suffix = revision == "default" ? "" : $"-{revision}";
        var labels = new JsonObject { ["app"] = "istiod", ["istio.io/rev"] = revision };
        var discovery = new JsonObject
        {
            ["name"] = "discovery",
            ["image"] = "pilot",
            ["env"] = new JsonArray(new JsonObject { ["name"] = "ISTIO_MULTIROOT_MESH", ["value"] = manyRoots }),
        };
        await CreateAsync("apis/apps/v1", "deployments", new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "Deployment",
            ["metadata"] = new JsonObject { ["name"] = $"istiod{suffix}", ["labels"] = labels.DeepClone() },
            ["spec"] = new JsonObject
            {
                ["replicas"] = 0,
                ["selector"] = new JsonObject { ["matchLabels"] = labels.DeepClone() },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = labels.DeepClone() },
                    ["spec"] = new JsonObject { ["containers"] = new JsonArray(discovery) },
                },
            },
        });
        var metadata = provider.Length == 0 ? "" : $"  proxyMetadata: {{CA_PROVIDER: {provider}}}\n";
        await CreateAsync("api/v1", "configmaps", Map($"istio{suffix}", "mesh", $"defaultConfig:\n  discoveryAddress: istiod\n{metadata}{roots}"));
        await CreateAsync("api/v1", "configmaps", Map($"istio-sidecar-injector{suffix}", "values", new JsonObject { ["global"] = new JsonObject { ["caAddress"] = address } }.ToJsonString()));

        static JsonObject Map(string name, string key, string value) => new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["name"] = name },
            ["data"] = new JsonObject { [key] = value },
        };

        Task CreateAsync(string group, string plural, JsonObject body) =>
            service.Sandbox.ClusterAsync("mesh-a", HttpMethod.Post, $"{group}/namespaces/istio-system/{plural}", body.ToJsonString());
    }
}
