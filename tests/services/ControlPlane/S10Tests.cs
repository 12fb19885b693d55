using MeshWorkflow.Sandbox.Worlds.Comparing;

namespace MeshWorkflow.Tests.Services.ControlPlane;

/// <summary>No default ingress gateway unless the option legacy-default-ingressgateway; the same for all options: what they bring goes again.</summary>
public sealed class S10Tests
{
    private const string Gateway = "namespaces/istio-system/apps/deployments/istio-ingressgateway";

    [Fact]
    public async Task Install_WithoutOption_HasNoGateway()
    {
        await using var mesh = await Installation.StartAsync();
        await mesh.PrepareAsync();

        await mesh.ControlPlane().BringAboutAsync();

        Assert.Null(mesh.Find(Gateway));
        Assert.Empty(mesh.Names("istio-ingressgateway"));
    }

    [Fact]
    public async Task Install_WithTheOption_HasTheGatewayAndTheUndoTakesItAway()
    {
        await using var mesh = await Installation.StartAsync();
        await mesh.PrepareAsync();
        var before = mesh.Service.Sandbox.Snapshot();
        var step = mesh.ControlPlane("test", "legacy-default-ingressgateway");

        await step.BringAboutAsync();

        Assert.NotNull(mesh.Find(Gateway));
        Assert.Equal("LoadBalancer", mesh.Find("namespaces/istio-system/services/istio-ingressgateway")!["spec"]!["type"]!.GetValue<string>());

        await step.PutBackAsync();

        Assert.Empty(WorldDiff.Compare(before, mesh.Service.Sandbox.Snapshot()));
    }

    // One world, one install and undo after another: what one would leave, the next comparison would show.
    [Fact]
    public async Task Undo_OfEveryOption_LeavesTheWorldAsItWas()
    {
        await using var mesh = await Installation.StartAsync();
        await mesh.PrepareAsync();
        var before = mesh.Service.Sandbox.Snapshot();
        foreach (var option in (string[])
            ["cni-gcp", "cni-selinux", "openshift", "iap-operator", "internal-load-balancer", "legacy-default-egressgateway", "stackdriver", "prometheus-and-stackdriver", "envoy-access-log", "distroless-proxy", "ca-migration-meshca"])
        {
            var step = mesh.ControlPlane(option, option);
            var plan = await step.BringAboutAsync();
            Assert.Contains(plan.Attachments, text => text.Name == "operator.yaml" && text.Text.Contains("kind: IstioOperator", StringComparison.Ordinal));

            // Metrics go to Stackdriver by default: that option changes nothing.
            Assert.Equal(option != "stackdriver", plan.Attachments.Any(text => text.Name == "rendered.diff" && text.Text.Length > 0));
            Assert.NotEmpty(WorldDiff.Compare(before, mesh.Service.Sandbox.Snapshot()));

            await step.PutBackAsync();

            var left = WorldDiff.Compare(before, mesh.Service.Sandbox.Snapshot());
            Assert.True(left.Count == 0, $"{option}: {string.Join('\n', left.Select(one => one.Resource))}");
        }
    }
}
