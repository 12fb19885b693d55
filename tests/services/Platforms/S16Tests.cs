using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Sandbox.Worlds.Comparing;

namespace MeshWorkflow.Tests.Services.Platforms;

/// <summary>Clusters that are not on Google Cloud: reached by a kubeconfig's context, registered with their issuer, meshed and put back.</summary>
public sealed class S16Tests
{
    [Fact]
    public async Task Membership_Elsewhere_HasTheIssuerAndGoesAgain()
    {
        await using var service = await ClusterElsewhere.StartAsync();
        var before = service.Sandbox.Snapshot();
        var register = Register(service);

        var plan = await register.BringAboutAsync();

        var change = Assert.Single(plan.Changes);
        Assert.Equal(ClusterElsewhere.Membership, change.Resource);
        var membership = service.Sandbox.Snapshot().Resources[ClusterElsewhere.Membership];
        Assert.Equal("https://onprem-1.oidc.example.com", membership["authority"]!["issuer"]!.GetValue<string>());
        Assert.NotEmpty(membership["externalId"]!.GetValue<string>());
        Assert.Null(membership["endpoint"]?["gkeCluster"]);

        Assert.Empty(await register.PutBackAsync());
        Assert.Empty(WorldDiff.Compare(before, service.Sandbox.Snapshot()));
    }

    [Fact]
    public async Task Membership_PrivateIssuer_HasItsKeys()
    {
        await using var service = await ClusterElsewhere.StartAsync("https://kubernetes.default.svc.cluster.local");

        var refused = await Register(service).TryPlanAsync();
        await Register(service, isPrivate: true).BringAboutAsync();

        Assert.Equal("ISSUER_NOT_PUBLIC", refused.Refused.Reason);
        var keys = service.Sandbox.Snapshot().Resources[ClusterElsewhere.Membership]["authority"]!["oidcJwks"]!.GetValue<string>();
        Assert.Contains("\"keys\"", System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(keys)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MeshId_Elsewhere_IsTheMembershipsLabelAndGoesAgain()
    {
        await using var service = await ClusterElsewhere.StartAsync();
        await Register(service).BringAboutAsync();
        var before = service.Sandbox.Snapshot();
        var label = service.Step("mesh-id", ClusterElsewhere.Scope, new MeshIdSpec { Cluster = ClusterElsewhere.Target(service), FleetProject = ClusterElsewhere.Fleet });

        await label.BringAboutAsync();

        Assert.Equal("proj-210987654321", service.Sandbox.Snapshot().Resources[ClusterElsewhere.Membership]["labels"]!["mesh_id"]!.GetValue<string>());
        Assert.Empty(await label.PutBackAsync());
        Assert.Empty(WorldDiff.Compare(before, service.Sandbox.Snapshot()));
    }

    [Fact]
    public async Task ControlPlane_Elsewhere_IsInstalledOnItsNetworkAndGoesAgain()
    {
        await using var service = await ClusterElsewhere.StartAsync();
        await Register(service).BringAboutAsync();
        var target = ClusterElsewhere.Target(service);
        await service.Step("mesh-namespace", ClusterElsewhere.Scope, new MeshNamespaceSpec { Cluster = target, Namespace = "istio-system" }).BringAboutAsync();
        await ControlPlane.Installation.UntilAsync(() => Find(service, "namespaces/istio-system/configmaps/kube-root-ca.crt") is not null
            && Find(service, "namespaces/istio-system/serviceaccounts/default") is not null);
        var before = service.Sandbox.Snapshot();
        var step = service.Step("control-plane", ClusterElsewhere.Scope, new ControlPlaneSpec
        {
            Cluster = target,
            FleetProject = ClusterElsewhere.Fleet,
            Package = new Protos.ControlPlane.V1.MeshPackage { Version = "1.23.3-asm.2" },
            Ca = CertificateAuthority.MeshCa,
            Options = { "multicloud" },
        });

        var plan = await step.BringAboutAsync();

        Assert.All(plan.Changes, change => Assert.StartsWith($"{ClusterElsewhere.Membership}/k8s/", change.Resource, StringComparison.Ordinal));
        var mesh = Find(service, "namespaces/istio-system/configmaps/istio-asm-1233-2")!["data"]!["mesh"]!.GetValue<string>();
        Assert.Contains("GKE_CLUSTER_URL: https://gkehub.googleapis.com/projects/demo-fleet/locations/global/memberships/onprem-1", mesh, StringComparison.Ordinal);
        var values = Find(service, "namespaces/istio-system/configmaps/istio-sidecar-injector-asm-1233-2")!["data"]!["values"]!.GetValue<string>();
        Assert.Contains("\"network\":\"default\"", values, StringComparison.Ordinal);
        Assert.Contains("\"clusterName\":\"cn-demo-fleet-global-onprem-1\"", values, StringComparison.Ordinal);
        Assert.Equal("default", Find(service, "namespaces/istio-system")!["metadata"]!["labels"]!["topology.istio.io/network"]!.GetValue<string>());
        Assert.DoesNotContain(service.Sandbox.Journal(), entry => entry.Api == "container" && entry.Path.Contains("onprem-1", StringComparison.Ordinal));

        Assert.Empty(await step.PutBackAsync());
        Assert.Empty(WorldDiff.Compare(before, service.Sandbox.Snapshot()));
    }

    private static StepUnderTest Register(ServiceUnderTest service, bool isPrivate = false) => service.Step(
        "fleet-membership",
        ClusterElsewhere.Scope,
        new FleetMembershipSpec { Cluster = ClusterElsewhere.Target(service, isPrivate: isPrivate), FleetProject = ClusterElsewhere.Fleet });

    private static System.Text.Json.Nodes.JsonNode? Find(ServiceUnderTest service, string name) => service.Sandbox.Snapshot().Resources
        .GetValueOrDefault($"//container.googleapis.com/projects/demo-fleet/locations/elsewhere/clusters/onprem-1/k8s/{name}");
}
