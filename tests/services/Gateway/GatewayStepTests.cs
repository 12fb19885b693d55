using System.Text.Json.Nodes;
using MeshWorkflow.Protos.Gateway.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Sandbox.Worlds.Comparing;
using MeshWorkflow.Tests.Services.ControlPlane;

namespace MeshWorkflow.Tests.Services.Gateway;

public sealed class GatewayStepTests
{
    private static readonly string[] Seven =
    [
        "apps/deployments", "autoscaling/horizontalpodautoscalers", "policy/poddisruptionbudgets", "rbac.authorization.k8s.io/rolebindings",
        "rbac.authorization.k8s.io/roles", "serviceaccounts", "services",
    ];

    [Fact]
    public async Task Namespace_New_GetsTheDefaultLabelAndGoesAgain()
    {
        await using var mesh = await Installation.WithControlPlaneAsync();
        var before = mesh.Service.Sandbox.Snapshot();
        var step = mesh.GatewayNamespace();

        await step.BringAboutAsync();

        Assert.Equal("enabled", Label(mesh, "istio-ingress", "istio-injection"));
        Assert.Null(Label(mesh, "istio-ingress", "istio.io/rev"));
        Assert.Empty((await mesh.GatewayNamespace(rollout: "other").PlanAsync()).Changes);
        Assert.Empty(await step.PutBackAsync());
        Assert.Empty(WorldDiff.Compare(before, mesh.Service.Sandbox.Snapshot()));
    }

    [Fact]
    public async Task Namespace_WithBothLabels_IsPutRightAndBack()
    {
        await using var mesh = await Installation.WithControlPlaneAsync();
        await MakeNamespaceAsync(mesh, "edge", ("istio-injection", "enabled"), ("istio.io/rev", "asm-1233-2"));
        var step = mesh.GatewayNamespace("edge");

        var plan = await step.BringAboutAsync();

        Assert.Equal("metadata.labels[\"istio.io/rev\"]", Assert.Single(plan.Changes).Fields.Single().Path);
        Assert.Null(Label(mesh, "edge", "istio.io/rev"));
        Assert.Empty(await step.PutBackAsync());
        Assert.Equal("asm-1233-2", Label(mesh, "edge", "istio.io/rev"));
    }

    [Fact]
    public async Task Namespace_WithoutDefaultTag_GetsTheRevision()
    {
        await using var mesh = await Installation.WithControlPlaneAsync();
        await mesh.Tag().PlanAsync();
        await mesh.CallAsync(
            HttpMethod.Delete, "apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/istio-revision-tag-default");

        await mesh.GatewayNamespace().BringAboutAsync();

        Assert.Equal("asm-1233-2", Label(mesh, "istio-ingress", "istio.io/rev"));
        Assert.Null(Label(mesh, "istio-ingress", "istio-injection"));
    }

    [Theory]
    [InlineData("gateway-namespace")]
    [InlineData("ingress-gateway")]
    [InlineData("injection")]
    public async Task Plan_OfTheMeshNamespace_IsRefused(string name)
    {
        await using var mesh = await Installation.WithControlPlaneAsync();
        var step = name switch
        {
            "gateway-namespace" => mesh.GatewayNamespace("istio-system"),
            "ingress-gateway" => mesh.Gateway("istio-system"),
            _ => mesh.Injection(restart: false, "istio-system"),
        };

        Assert.Equal("NAMESPACE_IS_MESH", (await step.TryPlanAsync()).Refused.Reason);
    }

    [Fact]
    public async Task Namespace_SomebodyChangedTheLabel_TheirsSurvivesAndIsNamed()
    {
        await using var mesh = await Installation.WithControlPlaneAsync();
        await MakeNamespaceAsync(mesh, "edge");
        var step = mesh.GatewayNamespace("edge");
        await step.BringAboutAsync();
        await mesh.PatchAsync("api/v1/namespaces/edge", new JsonObject
        {
            ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["istio-injection"] = "disabled" } },
        });

        var residue = await step.PutBackAsync();

        Assert.Equal("disabled", Assert.Single(residue).Found.StringValue);
        Assert.Equal("disabled", Label(mesh, "edge", "istio-injection"));
    }

    [Fact]
    public async Task Gateway_Sample_HasItsSevenObjectsAndGoesAgain()
    {
        await using var mesh = await Installation.WithControlPlaneAsync();
        await mesh.GatewayNamespace().BringAboutAsync();
        await SettleAsync(mesh, "istio-ingress");
        var before = mesh.Service.Sandbox.Snapshot();
        var step = mesh.Gateway();

        var plan = await step.BringAboutAsync();

        Assert.Equal(7, plan.Changes.Count);
        Assert.All(Seven, kind => Assert.NotNull(mesh.Find($"namespaces/istio-ingress/{kind}/istio-ingressgateway")));
        var pods = Pods(mesh, "istio-ingress");
        Assert.NotEmpty(pods);
        Assert.All(pods, pod => Assert.Equal("gke.gcr.io/asm/proxyv2:1.23.3-asm.2", pod["spec"]!["containers"]![0]!["image"]!.GetValue<string>()));
        Assert.Empty((await mesh.Gateway().PlanAsync()).Changes);
        Assert.Empty(await step.PutBackAsync());
        await Installation.UntilAsync(() => Pods(mesh, "istio-ingress").Count == 0);
        Assert.Empty(WorldDiff.Compare(before, mesh.Service.Sandbox.Snapshot()));
    }

    [Fact]
    public async Task Gateway_UnlabelledNamespace_IsRefusedBeforeAnyWrite()
    {
        await using var mesh = await Installation.WithControlPlaneAsync();
        await MakeNamespaceAsync(mesh, "edge");

        var refused = (await mesh.Gateway("edge").TryPlanAsync()).Refused;

        Assert.Equal("NAMESPACE_NOT_LABELLED", refused.Reason);
        Assert.Contains("ImagePullBackOff", refused.Message, StringComparison.Ordinal);
        Assert.Contains("istio-injection=enabled", refused.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gateway_LabelTakenAwayMeanwhile_SymptomIsRecognised()
    {
        await using var mesh = await Installation.WithControlPlaneAsync();
        await mesh.GatewayNamespace().BringAboutAsync();
        var step = mesh.Gateway();
        await step.PlanAsync();
        Assert.Equal(Outcome.OutcomeOneofCase.Done, (await step.ApplyAsync()).OutcomeCase);
        await mesh.PatchAsync("api/v1/namespaces/istio-ingress", new JsonObject
        {
            ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["istio-injection"] = null } },
        });
        foreach (var pod in Pods(mesh, "istio-ingress"))
        {
            await mesh.CallAsync(HttpMethod.Delete, $"api/v1/namespaces/istio-ingress/pods/{pod["metadata"]!["name"]}");
        }

        var seen = await step.VerifyAsync(Side.After);

        Assert.Equal("PROXY_NOT_INJECTED", seen.Refused.Reason);
        Assert.Contains("'auto'", seen.Refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gateway_OwnManifests_AreUsed()
    {
        await using var mesh = await Installation.WithControlPlaneAsync();
        await mesh.GatewayNamespace().BringAboutAsync();
        var manifest = new Manifest { Name = "sa.yaml", Content = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: own\n" };

        await mesh.Gateway("istio-ingress", manifest).BringAboutAsync();

        Assert.NotNull(mesh.Find("namespaces/istio-ingress/serviceaccounts/own"));
    }

    [Theory]
    [InlineData("{unclosed")]
    [InlineData("just text")]
    [InlineData("apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a, namespace: other}\n")]
    [InlineData("apiVersion: v1\nkind: ServiceAccount\nmetadata: {}\n")]
    public async Task Gateway_OwnManifestsThatAreNone_AreRefused(string content)
    {
        await using var mesh = await Installation.WithControlPlaneAsync();
        await mesh.GatewayNamespace().BringAboutAsync();

        var reply = await mesh.Gateway("istio-ingress", new Manifest { Name = "own.yaml", Content = content }).TryPlanAsync();

        Assert.Equal("MANIFEST_INVALID", reply.Refused?.Reason);
    }

    [Fact]
    public async Task Injection_WithRestart_GivesEveryPodItsProxyAndTakesItBack()
    {
        await using var mesh = await Installation.WithControlPlaneAsync();
        await MakeNamespaceAsync(mesh, "shop");
        await SettleAsync(mesh, "shop");
        await MakeWorkloadAsync(mesh, "shop", "cart");
        var before = mesh.Service.Sandbox.Snapshot();
        var step = mesh.Injection(restart: true, "shop");

        var plan = await step.BringAboutAsync();

        Assert.Contains(plan.Changes, change => change.Fields.Any(field => field.Path.EndsWith("restartedAt\"]", StringComparison.Ordinal)));
        Assert.All(LivePods(mesh, "shop"), pod => Assert.Contains("asm-1233-2", Status(pod), StringComparison.Ordinal));
        Assert.Empty((await mesh.Injection(restart: true, "shop").PlanAsync()).Changes);
        Assert.Empty(await step.PutBackAsync());
        Assert.All(LivePods(mesh, "shop"), pod => Assert.Equal("", Status(pod)));
        await Installation.UntilAsync(() => Pods(mesh, "shop").Count == 2);
        Assert.Empty(WorldDiff.Compare(before, mesh.Service.Sandbox.Snapshot()));
    }

    [Fact]
    public async Task Injection_RevertsLabelsBeforeWorkloads()
    {
        await using var mesh = await Installation.WithControlPlaneAsync();
        await MakeNamespaceAsync(mesh, "shop");
        await MakeWorkloadAsync(mesh, "shop", "cart");
        var step = mesh.Injection(restart: true, "shop");
        await step.BringAboutAsync();
        var seen = mesh.Service.Sandbox.Journal().Count;

        await step.PutBackAsync();

        var writes = mesh.Service.Sandbox.Journal(seen).Where(entry => entry.HttpMethod == "PUT").Select(entry => entry.Path).ToList();
        Assert.EndsWith("/namespaces/shop", writes[0], StringComparison.Ordinal);
        Assert.EndsWith("/deployments/cart", writes[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Injection_WithoutRestart_ChangesLabelsOnly()
    {
        await using var mesh = await Installation.WithControlPlaneAsync();
        await MakeNamespaceAsync(mesh, "shop");
        await MakeWorkloadAsync(mesh, "shop", "cart");

        var plan = await mesh.Injection(restart: false, "shop").BringAboutAsync();

        Assert.EndsWith("/namespaces/shop", Assert.Single(plan.Changes).Resource, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Injection_RevertedAfterPodsCameByThemselves_EndsTheirProxiesToo()
    {
        await using var mesh = await Installation.WithControlPlaneAsync();
        await MakeNamespaceAsync(mesh, "shop");
        await MakeWorkloadAsync(mesh, "shop", "cart");
        var step = mesh.Injection(restart: false, "shop");
        await step.BringAboutAsync();
        foreach (var pod in Pods(mesh, "shop"))
        {
            await mesh.CallAsync(HttpMethod.Delete, $"api/v1/namespaces/shop/pods/{pod["metadata"]!["name"]}");
        }

        await Installation.UntilAsync(() => Pods(mesh, "shop").Count(pod => Status(pod).Length > 0) == 2);

        Assert.Empty(await step.PutBackAsync());

        await Installation.UntilAsync(() => Pods(mesh, "shop").Count(pod => Status(pod).Length == 0) == 2);
    }

    [Fact]
    public async Task Injection_MissingNamespace_IsRefused()
    {
        await using var mesh = await Installation.WithControlPlaneAsync();

        Assert.Equal("NAMESPACE_MISSING", (await mesh.Injection(restart: true, "nowhere").TryPlanAsync()).Refused.Reason);
    }

    private static string? Label(Installation mesh, string ns, string key) =>
        mesh.Find($"namespaces/{ns}")?["metadata"]?["labels"]?[key]?.GetValue<string>();

    private static IReadOnlyList<JsonNode> Pods(Installation mesh, string ns) => [.. mesh.Service.Sandbox.Snapshot().Resources
        .Where(pair => pair.Key.Contains($"/k8s/namespaces/{ns}/pods/", StringComparison.Ordinal)).Select(pair => pair.Value)];

    private static IReadOnlyList<JsonNode> LivePods(Installation mesh, string ns)
    {
        IReadOnlyList<JsonNode> pods = [.. Pods(mesh, ns).Where(pod => pod["metadata"]?["deletionTimestamp"] is null)];
        Assert.NotEmpty(pods);
        return pods;
    }

    private static string Status(JsonNode pod) => pod["metadata"]?["annotations"]?["sidecar.istio.io/status"]?.GetValue<string>() ?? "";

    private static Task MakeNamespaceAsync(Installation mesh, string name, params (string Key, string Value)[] labels) =>
        mesh.CallAsync(HttpMethod.Post, "api/v1/namespaces", new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["labels"] = new JsonObject(labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))),
            },
        });

    // What the cluster and istiod put into every namespace.
    private static Task SettleAsync(Installation mesh, string ns) => Installation.UntilAsync(() =>
        mesh.Find($"namespaces/{ns}/serviceaccounts/default") is not null
        && mesh.Find($"namespaces/{ns}/configmaps/kube-root-ca.crt") is not null
        && mesh.Find($"namespaces/{ns}/configmaps/istio-ca-root-cert") is not null);

    private static async Task MakeWorkloadAsync(Installation mesh, string ns, string name)
    {
        var labels = new JsonObject { ["app"] = name };
        await Installation.UntilAsync(() => mesh.Find($"namespaces/{ns}/serviceaccounts/default") is not null);
        await mesh.CallAsync(HttpMethod.Post, $"apis/apps/v1/namespaces/{ns}/deployments", new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "Deployment",
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = new JsonObject
            {
                ["replicas"] = 2,
                ["selector"] = new JsonObject { ["matchLabels"] = labels.DeepClone() },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = labels },
                    ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = "shop/cart:1" }) },
                },
            },
        });
        await Installation.UntilAsync(() => Pods(mesh, ns).Count(pod =>
            pod["status"]?["containerStatuses"]?[0]?["ready"]?.GetValue<bool>() ?? false) == 2);
    }
}
