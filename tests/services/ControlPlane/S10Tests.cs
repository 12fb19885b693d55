using System.Text.Json.Nodes;
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

    // Three of them set what the operator has already: the plan says so, and the cluster has it.
    [Fact]
    public async Task Install_SettingsOfMeshesBeyondOneProject_AreInThePlanAndInTheCluster()
    {
        await using var mesh = await Installation.StartAsync();
        await mesh.PrepareAsync();
        var step = mesh.ControlPlane("test", "multicloud", "multiproject", "multicluster", "attached-cluster");

        var plan = await step.BringAboutAsync();

        var layers = plan.Attachments.Single(text => text.Name == "operator.diff").Text.Split('\n');
        Assert.Contains("~ multicloud spec.profile: \"empty\" -> \"asm-multicloud\"", layers);
        Assert.Contains("~ multiproject spec.profile: \"asm-multicloud\" -> \"asm-gcp-multiproject\"", layers);
        Assert.Contains("= multicluster spec.values.global.multiCluster.clusterName: \"cn-demo-apps-us-central1-mesh-a\"", layers);
        Assert.Contains("= attached-cluster spec.values.global.pilotCertProvider: \"istiod\"", layers);
        Assert.Contains(
            "~ ConfigMap istio-system/istio-sidecar-injector-asm-1233-2 data.values.telemetry.v2.stackdriver.inboundAccessLogging: + \"FULL\"",
            plan.Attachments.Single(text => text.Name == "rendered.diff").Text.Split('\n'));

        var values = JsonNode.Parse(mesh.Find("namespaces/istio-system/configmaps/istio-sidecar-injector-asm-1233-2")!["data"]!["values"]!.GetValue<string>())!;
        Assert.Equal("FULL", values["telemetry"]!["v2"]!["stackdriver"]!["inboundAccessLogging"]!.GetValue<string>());
        var variables = mesh.Find("namespaces/istio-system/apps/deployments/istiod-asm-1233-2")!["spec"]!["template"]!["spec"]!["containers"]![0]!["env"]!.AsArray();
        Assert.Equal("cn-demo-apps-us-central1-mesh-a", Variable("CLUSTER_ID"));
        Assert.Equal("istiod", Variable("PILOT_CERT_PROVIDER"));

        string? Variable(string name) => variables.Single(one => one!["name"]!.GetValue<string>() == name)!["value"]!.GetValue<string>();
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
