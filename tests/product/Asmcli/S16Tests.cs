using System.Text.Json.Nodes;

namespace MeshWorkflow.Tests.Product.Asmcli;

/// <summary>Row S16: <c>--ca gcp_cas</c> with a pool, <c>--platform multicloud</c>, <c>--kubeconfig</c>.</summary>
public sealed class S16Tests : IDisposable
{
    private const string Pool = "projects/cas/locations/us-central1/caPools/pool";
    private readonly Verdict _verdict = new();

    [Fact]
    public void Install_AsInTheDocument_IsTheFleetsClusterByItsKubeconfig()
    {
        var request = _verdict.Request(
            $"install --kubeconfig {{}}/elsewhere --fleet_id fleet-host --output_dir {{}}/out --enable_all --ca gcp_cas --platform multicloud --ca_pool {Pool}");

        Assert.Equal("fleet-host", request["fleet"]?["project"]?.ToString());
        Assert.True(JsonNode.DeepEquals(
            new JsonObject { ["platform"] = "multicloud", ["name"] = "ctx", ["kubeconfig"] = _verdict.In("elsewhere"), ["context"] = "ctx" },
            request["clusters"]?[0]));
        Assert.Equal(Pool, request["certificateAuthority"]?["caPool"]?.ToString());
    }

    [Fact]
    public void Kubeconfig_OfGoogleCloud_NamesProjectLocationAndCluster()
    {
        var cluster = _verdict.Request("install --kubeconfig {}/kubeconfig --context other")["clusters"]?[0];

        Assert.Equal("app-two us-east1 c2", $"{cluster?["project"]} {cluster?["location"]} {cluster?["name"]}");
    }

    [Fact]
    public void Kubeconfig_OfConnectGateway_NamesTheMembershipAndItsFleet()
    {
        var request = _verdict.Request("install --kubeconfig {}/kubeconfig --context gateway --ca mesh_ca");

        Assert.Equal("fleet-host", request["fleet"]?["project"]?.ToString());
        Assert.Equal("{\"member\":\"projects/fleet-host/locations/us-east1/memberships/c2\"}", request["clusters"]?[0]?.ToJsonString());
        Assert.Empty(_verdict.Of("install --kubeconfig {}/kubeconfig --context gateway --ca mesh_ca"));
        Assert.Equal(["OTHER_FLEET spec.clusters[0].member"], _verdict.Of("plan --kubeconfig {}/kubeconfig --context gateway --fleet_id other-fleet"));
    }

    [Fact]
    public void Kubeconfig_RelativePath_IsMadeWhole()
    {
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), _verdict.In("elsewhere"));

        var cluster = _verdict.Request($"install --kubeconfig {relative} --platform multicloud --fleet_id fleet-host")["clusters"]?[0];

        Assert.Equal(_verdict.In("elsewhere"), cluster?["kubeconfig"]?.ToString());
    }

    public void Dispose() => _verdict.Dispose();
}
