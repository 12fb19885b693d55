using System.Text.Json.Nodes;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Tests.Services.ControlPlane;

namespace MeshWorkflow.Tests.Services.Gateway;

public sealed class MeshBehaviourTests
{
    [Theory]
    [InlineData("enabled", null, true)]
    [InlineData(null, "asm-1233-2", true)]
    [InlineData("enabled", "asm-1233-2", false)]
    [InlineData(null, null, false)]
    public async Task Pod_IsInjectedByTheOneRightLabel(string? injection, string? revision, bool isInjected)
    {
        await using var mesh = await Installation.WithControlPlaneAsync();
        var labels = new JsonObject();
        if (injection is not null)
        {
            labels["istio-injection"] = injection;
        }

        if (revision is not null)
        {
            labels["istio.io/rev"] = revision;
        }

        await MakeAsync(mesh, labels);

        var pod = await mesh.CallAsync(HttpMethod.Post, "api/v1/namespaces/shop/pods", new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject { ["name"] = "one" },
            ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = "shop/one:1" }) },
        });

        Assert.Equal(isInjected ? 2 : 1, pod["spec"]!["containers"]!.AsArray().Count);
    }

    [Theory]
    [InlineData(null, "demo-apps-vpc-apps")]
    [InlineData("island-west", "island-west")]
    public async Task Pod_OnANetwork_HasAProxyThatSaysSo(string? label, string network)
    {
        await using var mesh = await Installation.WithControlPlaneAsync();
        await MakeAsync(mesh, new JsonObject { ["istio.io/rev"] = "asm-1233-2" });

        var pod = await mesh.CallAsync(HttpMethod.Post, "api/v1/namespaces/shop/pods", new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject { ["name"] = "one", ["labels"] = label is null ? [] : new JsonObject { ["topology.istio.io/network"] = label } },
            ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = "shop/one:1" }) },
        });

        var told = pod["spec"]!["containers"]!.AsArray().Single(container => container!["name"]!.ToString() == "istio-proxy")!["env"]!.AsArray()
            .ToDictionary(variable => variable!["name"]!.ToString(), variable => variable!["value"]!.ToString());
        Assert.Equal(network, told["ISTIO_META_NETWORK"]);
        Assert.Equal("cn-demo-apps-us-central1-mesh-a", told["ISTIO_META_CLUSTER_ID"]);
    }

    [Fact]
    public async Task Webhook_OfAPrivateClusterWithoutItsRule_TimesOutAndTheRolloutSaysSo()
    {
        var world = World.Demo with { Clusters = [World.Demo.Clusters[0] with { MasterRange = "172.16.0.0/28" }, World.Demo.Clusters[1]] };
        await using var mesh = await Installation.WithControlPlaneAsync(world);
        await MakeAsync(mesh, []);
        await mesh.CallAsync(HttpMethod.Post, "apis/apps/v1/namespaces/shop/deployments", Workload());
        await Installation.UntilAsync(() => mesh.Names("/namespaces/shop/pods/").Count == 1);
        var step = mesh.Injection(restart: true, "shop");
        await step.PlanAsync();
        Assert.Equal(Outcome.OutcomeOneofCase.Done, (await step.ApplyAsync()).OutcomeCase);

        var seen = await step.VerifyOnceAsync(Side.After, reason => reason.Contains("context deadline exceeded", StringComparison.Ordinal));

        Assert.Contains("failed calling webhook", seen.Wait.Reason, StringComparison.Ordinal);
        Assert.Empty(await step.PutBackAsync());
    }

    private static async Task MakeAsync(Installation mesh, JsonObject labels)
    {
        await mesh.CallAsync(HttpMethod.Post, "api/v1/namespaces", new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject { ["name"] = "shop", ["labels"] = labels },
        });
        await Installation.UntilAsync(() => mesh.Find("namespaces/shop/serviceaccounts/default") is not null);
    }

    private static JsonObject Workload() => new()
    {
        ["apiVersion"] = "apps/v1",
        ["kind"] = "Deployment",
        ["metadata"] = new JsonObject { ["name"] = "cart" },
        ["spec"] = new JsonObject
        {
            ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = "cart" } },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = "cart" } },
                ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = "shop/cart:1" }) },
            },
        },
    };
}
