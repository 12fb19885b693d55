using System.Text.Json.Nodes;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Sandbox.Worlds.Comparing;
using MeshWorkflow.Tests.Services.ControlPlane;

namespace MeshWorkflow.Tests.Services.Gateway;

/// <summary>S27, S28: what runs as a StatefulSet or a DaemonSet is restarted and waited for as a Deployment is.</summary>
public sealed class InjectedSetsTests
{
    private const string Ready = "readyReplicas";

    [Theory]
    [InlineData("StatefulSet", "statefulsets", Ready)]
    [InlineData("DaemonSet", "daemonsets", "numberAvailable")]
    public async Task Injection_WithRestart_WaitsForEveryPodAndTakesItsProxyBack(string kind, string plural, string counted)
    {
        await using var mesh = await Installation.WithControlPlaneAsync();
        await MakeAsync(mesh, kind, plural, counted);
        var before = mesh.Service.Sandbox.Snapshot();
        var step = mesh.Injection(restart: true, "shop");
        var plan = await step.PlanAsync();
        Assert.Equal(Outcome.OutcomeOneofCase.Done, (await step.ApplyAsync()).OutcomeCase);

        var early = await step.VerifyOnceAsync(Side.After, _ => true);
        var done = await step.VerifyAsync(Side.After);

        Assert.Contains(plan.Changes, change => change.Resource.EndsWith($"/{plural}/store", StringComparison.Ordinal)
            && change.Fields.Any(field => field.Path.EndsWith("restartedAt\"]", StringComparison.Ordinal)));
        // The controller may not even have begun.
        Assert.Matches("store has [012] of 2 pods ready", early.Wait?.Reason ?? early.ToString());
        Assert.True(done.OutcomeCase is Outcome.OutcomeOneofCase.Done, done.ToString());
        Assert.All(LivePods(mesh), pod => Assert.Contains("asm-1233-2", Proxy(pod), StringComparison.Ordinal));
        Assert.Equal(2, LivePods(mesh).Count);
        Assert.Empty(await step.PutBackAsync());
        await Installation.UntilAsync(() => LivePods(mesh).Count == 2 && LivePods(mesh).All(pod => Proxy(pod).Length == 0));
        Assert.Empty(WorldDiff.Compare(before, mesh.Service.Sandbox.Snapshot()));
    }

    private static async Task MakeAsync(Installation mesh, string kind, string plural, string counted)
    {
        await mesh.CallAsync(HttpMethod.Post, "api/v1/namespaces", new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject { ["name"] = "shop" },
        });
        await Installation.UntilAsync(() =>
            mesh.Find("namespaces/shop/serviceaccounts/default") is not null
            && mesh.Find("namespaces/shop/configmaps/kube-root-ca.crt") is not null
            && mesh.Find("namespaces/shop/configmaps/istio-ca-root-cert") is not null);
        var labels = new JsonObject { ["app"] = "store" };
        var made = new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = kind,
            ["metadata"] = new JsonObject { ["name"] = "store" },
            ["spec"] = new JsonObject
            {
                ["selector"] = new JsonObject { ["matchLabels"] = labels.DeepClone() },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = labels },
                    ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = "shop/store:1" }) },
                },
            },
        };
        if (counted == Ready)
        {
            made["spec"]!["replicas"] = 2;
        }

        await mesh.CallAsync(HttpMethod.Post, $"apis/apps/v1/namespaces/shop/{plural}", made);
        await Installation.UntilAsync(() => mesh.Find($"namespaces/shop/apps/{plural}/store")?["status"]?[counted]?.GetValue<int>() == 2);
    }

    private static IReadOnlyList<JsonNode> LivePods(Installation mesh) => [.. mesh.Service.Sandbox.Snapshot().Resources
        .Where(pair => pair.Key.Contains("/k8s/namespaces/shop/pods/", StringComparison.Ordinal) && pair.Value["metadata"]?["deletionTimestamp"] is null)
        .Select(pair => pair.Value)];

    private static string Proxy(JsonNode pod) => pod["metadata"]?["annotations"]?["sidecar.istio.io/status"]?.GetValue<string>() ?? "";
}
