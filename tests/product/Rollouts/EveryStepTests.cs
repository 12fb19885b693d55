using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Tests.Product.Rollouts;

/// <summary>Each step in turn fails; what was done before it is put back, and the world is as it was.</summary>
public sealed class EveryStepTests
{
    private const string More = """
          gateways: [{ namespace: istio-ingress }]
          injection: { namespaces: [default], restart: true }
          identity: { member: "serviceAccount:meshworkflow@demo-fleet.iam.gserviceaccount.com" }
        """;

    // The step that fails, the call that is refused, what its resource begins with within the cluster, and a write that must have been.
    public static TheoryData<string, string, string, string, string> Steps => new()
    {
        { "fleet-membership", "gkehub", "memberships.create", "", "" },
        { "mesh-id", "container", "clusters.setResourceLabels", "", "memberships.create" },
        { "cluster-admin-binding", "kubernetes", "patch clusterrolebindings", "", "memberships.create" },
        { "mesh-namespace", "kubernetes", "create namespaces", "/k8s/namespaces/istio-system", "memberships.create" },
        { "webhook-firewall", "compute", "firewalls.insert", "", "create namespaces" },
        { "control-plane", "kubernetes", "patch deployments", "/k8s/namespaces/istio-system", "create namespaces" },
        { "canonical-service", "kubernetes", "patch deployments", "/k8s/namespaces/asm-system", "patch deployments" },
        { "gateway-namespace", "kubernetes", "patch namespaces", "/k8s/namespaces/istio-ingress", "patch deployments" },
        { "ingress-gateway", "kubernetes", "patch deployments", "/k8s/namespaces/istio-ingress", "patch deployments" },
        { "injection", "kubernetes", "update namespaces", "/k8s/namespaces/default", "patch deployments" },
    };

    private static World Private
    {
        get
        {
            var world = Fleets.Of(1);
            return world with { Clusters = [world.Clusters[0] with { MasterRange = "172.16.0.0/28" }] };
        }
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Install_StepRefused_WorldIsAsBefore(string step, string api, string method, string resource, string written)
    {
        await using var product = await ProductUnderTest.StartAsync(Private);
        var before = product.Sandbox.Snapshot();
        product.Sandbox.Order(new FaultSpec
        {
            Match = new CallMatch(api, method, resource.Length == 0 ? null : Fleets.Resource("c1") + resource),
            Code = api == "kubernetes" ? "Forbidden" : "PERMISSION_DENIED",
        });

        var ended = await product.RunAsync(Fleets.Request(1, More));

        var cluster = Assert.Single(ended.Clusters);
        Assert.True(
            cluster.State is ClusterState.Compensated,
            $"{cluster.State} {cluster.Reason} {cluster.Message} {string.Join("; ", cluster.Residue)} {string.Join("; ", cluster.Events)}");
        Assert.StartsWith(step, cluster.Events.First(happened => happened is { Step: not null, Outcome: "Refused" }).Step, StringComparison.Ordinal);
        Assert.True(written.Length == 0 || product.Writes().Any(entry => entry.Method == written), $"{written} was never written.");
        Assert.Equal(RolloutState.Compensated, ended.Rollout.State);
        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());
    }

    [Theory]
    [InlineData("serviceusage", "services.enable")]
    [InlineData("cloudresourcemanager", "projects.setIamPolicy")]
    public async Task Install_SharedStepRefused_NoClusterIsBegunAndWorldIsAsBefore(string api, string method)
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(2));
        var before = product.Sandbox.Snapshot();
        product.Sandbox.Order(new FaultSpec { Match = new CallMatch(api, method, "//" + api + ".googleapis.com/projects/demo-apps") });

        var ended = await product.RunAsync(Fleets.Request(2));

        Assert.Empty(product.Begun());
        Assert.All(ended.Clusters, cluster => Assert.Equal("SCOPE_FAILED", cluster.Reason));
        Assert.True(ended.Rollout.State is RolloutState.Compensated or RolloutState.Refused, ended.Rollout.State.ToString());
        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());
    }

    [Fact]
    public async Task Install_AllClustersFail_WorldIsAsBefore()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(3));
        var before = product.Sandbox.Snapshot();
        product.Sandbox.Order(new FaultSpec { Match = new CallMatch("container", "clusters.setResourceLabels") });

        var ended = await product.RunAsync(Fleets.Request(3, "  rollout: { stages: [{ name: all, failureBudget: 100%, maxConcurrent: 3 }] }"));

        Assert.Equal(3, product.Begun().Count);
        Assert.Equal(RolloutState.Compensated, ended.Rollout.State);
        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());
    }
}
