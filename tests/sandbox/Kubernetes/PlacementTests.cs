using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes;

public sealed class PlacementTests : IAsyncLifetime
{
    private const string Pods = "/api/v1/namespaces/default/pods";
    private const string Nodes = "/api/v1/nodes";
    private const string Merge = "application/merge-patch+json";
    private ClusterUnderTest _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await ClusterUnderTest.StartAsync();
        var names = (await _cluster.DoAsync("GET", Nodes)).Objects("items").Select(node => node.Name()).ToList();
        await _cluster.DoAsync("PATCH", $"{Nodes}/{names[0]}", """{"metadata":{"labels":{"disk":"ssd"}},"spec":{"taints":[{"key":"dedicated","value":"db","effect":"NoSchedule"}]}}""", Merge);
        Ssd = names[0];
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private string Ssd { get; set; } = "";

    [Theory]
    [InlineData("nodeSelector: { disk: ssd }", "0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint {dedicated: db}. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.")]
    [InlineData("nodeSelector: { disk: tape }, tolerations: [{ operator: Exists }]", "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.")]
    [InlineData("resources: { cpu: 64 }", "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint {dedicated: db}. preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.")]
    [InlineData("resources: { nvidia.com/gpu: 1, memory: 900Gi }", "0/2 nodes are available: 1 Insufficient memory, 1 Insufficient nvidia.com/gpu, 1 node(s) had untolerated taint {dedicated: db}. preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.")]
    public async Task Pod_ThatFitsNowhere_WaitsAndSaysWhy(string spec, string why)
    {
        await CreateAsync(spec);

        var pod = await _cluster.UntilAsync($"{Pods}/p", (_, found) => found["status"].Objects("conditions").Any());

        var scheduled = pod["status"].Objects("conditions").First(condition => condition.Text("type") == "PodScheduled");
        Assert.Equal(("Pending", "False", "Unschedulable", why), (pod["status"].Text("phase"), scheduled.Text("status"), scheduled.Text("reason"), scheduled.Text("message")));
        var told = await _cluster.UntilAsync("/api/v1/namespaces/default/events?fieldSelector=reason=FailedScheduling", (_, found) => found.Objects("items").Any());
        Assert.Equal(("Warning", why), (told.Objects("items").First().Text("type"), told.Objects("items").First().Text("message")));
    }

    [Theory]
    [InlineData("nodeSelector: { disk: ssd }, tolerations: [{ key: dedicated, value: db }]")]
    [InlineData("tolerations: [{ key: dedicated, operator: Exists }], affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: disk, operator: In, values: [ssd] }] }] } } }")]
    public async Task Pod_ThatToleratesAndChooses_GoesThere(string spec)
    {
        await CreateAsync(spec);

        var pod = await _cluster.UntilAsync($"{Pods}/p", (_, found) => found["status"].Text("phase") == "Running");

        Assert.Equal(Ssd, pod["spec"].Text("nodeName"));
    }

    [Fact]
    public async Task Pod_ThatWaits_GoesAsSoonAsThereIsRoom()
    {
        await CreateAsync("nodeSelector: { disk: tape }");
        await _cluster.UntilAsync($"{Pods}/p", (_, found) => found["status"].Objects("conditions").Any());

        await _cluster.DoAsync("POST", Nodes, """{"metadata":{"name":"new","labels":{"disk":"tape"}}}""");

        await _cluster.UntilAsync($"{Pods}/p", (_, found) => found["spec"].Text("nodeName") == "new" && found["status"].Text("phase") == "Running");
    }

    [Fact]
    public async Task Pod_OnAutopilot_IsMadeRoomFor()
    {
        await using var autopilot = await ClusterUnderTest.StartAsync(_ => { }, new WorldCluster("p", "l", "c", "n") { Autopilot = true });
        await autopilot.DoAsync("POST", Pods, Pod("resources: { cpu: 64 }"), "application/yaml");

        await autopilot.UntilAsync($"{Pods}/p", (_, found) => found["status"].Text("phase") == "Running");
    }

    private Task<JsonNode> CreateAsync(string spec) => _cluster.DoAsync("POST", Pods, Pod(spec), "application/yaml");

    private static string Pod(string spec)
    {
        var isRequest = spec.StartsWith("resources:", StringComparison.Ordinal);
        var (container, pod) = isRequest ? ($", resources: {{ requests: {spec["resources:".Length..]} }}", "") : ("", $", {spec}");
        return $"{{ metadata: {{ name: p }}, spec: {{ containers: [{{ name: c, image: i{container} }}]{pod} }} }}";
    }
}
