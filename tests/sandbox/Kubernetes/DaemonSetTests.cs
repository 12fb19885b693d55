using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes;

public sealed class DaemonSetTests : IAsyncLifetime
{
    private const string Sets = "/apis/apps/v1/namespaces/default/daemonsets";
    private const string Pods = "/api/v1/namespaces/default/pods";
    private const string Nodes = "/api/v1/nodes";

    private const string Agent = """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: { name: agent }
        spec:
          selector: { matchLabels: { app: agent } }
          template:
            metadata: { labels: { app: agent } }
            spec: { containers: [{ name: agent, image: "agent:1" }] }
        """;

    private ClusterUnderTest _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await ClusterUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task DaemonSet_RunsOnEveryNodeThatComesAndIsNotTainted()
    {
        await _cluster.DoAsync("POST", Sets, Agent, "application/yaml");
        await AvailableAsync(2);
        await _cluster.DoAsync("PATCH", $"{Nodes}/{await NodeAsync()}", """{"spec":{"unschedulable":true}}""", "application/merge-patch+json");
        await _cluster.DoAsync("POST", Nodes, """{"metadata":{"name":"new"}}""");
        await AvailableAsync(3);
        await _cluster.DoAsync("PATCH", $"{Nodes}/new", """{"spec":{"taints":[{"key":"mine","effect":"NoSchedule"}]}}""", "application/merge-patch+json");
        await AvailableAsync(2);

        var nodes = (await _cluster.DoAsync("GET", Pods)).Objects("items").Where(pod => !pod.IsTerminating()).Select(pod => pod["spec"].Text("nodeName")).ToList();
        Assert.Equal(2, nodes.Distinct().Count());
        Assert.DoesNotContain("new", nodes);
    }

    [Fact]
    public async Task Kubectl_RollsOutRestartsAndUndoes()
    {
        using var kubectl = new Kubectl(_cluster);
        await kubectl.RunAsync("apply -f -", Agent);
        Assert.Contains("daemon set \"agent\" successfully rolled out", await kubectl.RunAsync("rollout status ds/agent --timeout=60s"), StringComparison.Ordinal);
        var before = await kubectl.RunAsync("get pods -o name");

        await kubectl.RunAsync("rollout restart ds/agent");
        await kubectl.RunAsync("rollout status ds/agent --timeout=60s");
        await kubectl.UntilAsync("get pods -o name", found => found.Split('\n', StringSplitOptions.RemoveEmptyEntries) is { Length: 2 } names && !names.Any(name => before.Contains(name, StringComparison.Ordinal)));
        await kubectl.RunAsync("set image ds/agent agent=agent:2");
        await kubectl.RunAsync("rollout status ds/agent --timeout=60s");
        await kubectl.RunAsync("rollout undo ds/agent");
        await kubectl.RunAsync("rollout status ds/agent --timeout=60s");

        Assert.Equal("agent:1", await kubectl.RunAsync("get ds agent -o jsonpath={.spec.template.spec.containers[0].image}"));
        Assert.Matches("agent +2 +2 +2 +2 +2 +<none>", await kubectl.RunAsync("get ds"));
        await kubectl.RunAsync("delete ds agent --cascade=foreground --timeout=60s");
        Assert.Equal("", await kubectl.RunAsync("get pods -o name"));
    }

    private Task<JsonNode> AvailableAsync(int nodes) => _cluster.UntilAsync($"{Sets}/agent", (_, set) =>
        set["status"].Number("desiredNumberScheduled") == nodes && set["status"].Number("numberAvailable") == nodes && set["status"].Number("currentNumberScheduled") == nodes);

    private async Task<string> NodeAsync() => (await _cluster.DoAsync("GET", Nodes)).Objects("items").First().Name();
}
