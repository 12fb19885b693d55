using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Pods;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes;

public sealed class PodLogsTests
{
    private const string Pods = "/api/v1/namespaces/default/pods";

    private const string Meshed = """
        apiVersion: v1
        kind: Pod
        metadata: { name: meshed }
        spec:
          initContainers: [{ name: istio-init, image: proxy }]
          containers: [{ name: web, image: nginx }, { name: istio-proxy, image: proxy }]
        """;

    [Fact]
    public async Task Log_OfOneOfSeveralContainers_MustBeNamed()
    {
        await using var cluster = await StartAsync(Meshed);
        var (status, refused) = await cluster.SendAsync("GET", $"{Pods}/meshed/log");

        Assert.Equal(400, status);
        Assert.Equal("a container name must be specified for pod meshed, choose one of: [web istio-proxy] or one of the init containers: [istio-init]", refused.Text("message"));
        Assert.Equal("container no is not valid for pod meshed", (await cluster.SendAsync("GET", $"{Pods}/meshed/log?container=no")).Body.Text("message"));
        Assert.Contains("Envoy proxy is ready", await TextAsync(cluster, "meshed/log?container=istio-proxy"), StringComparison.Ordinal);
        Assert.Contains("iptables", await TextAsync(cluster, "meshed/log?container=istio-init&follow=true"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_OfTheOnlyContainerBesideInitContainers_NeedsNoName()
    {
        await using var cluster = await StartAsync(Meshed.Replace("{ name: web, image: nginx }, ", "", StringComparison.Ordinal));

        var all = await TextAsync(cluster, "meshed/log");
        var tail = await TextAsync(cluster, "meshed/log?tailLines=2&timestamps=true");

        Assert.Contains("Proxy role: router id=meshed.default", all, StringComparison.Ordinal);
        Assert.Equal(all.Split('\n')[^3..^1], tail.Split('\n')[..^1].Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]));
        Assert.All(tail.Split('\n')[..^1], line => Assert.Matches("^20[0-9-]+T[0-9:.]+Z ", line));
        Assert.Equal(7, (await TextAsync(cluster, "meshed/log?limitBytes=7")).Length);
        Assert.Equal("", await TextAsync(cluster, $"meshed/log?sinceTime={Uri.EscapeDataString("2100-01-01T00:00:00Z")}"));
        Assert.Equal(422, (await cluster.SendAsync("GET", $"{Pods}/meshed/log?tailLines=-1")).Status);
        Assert.Equal("previous terminated container \"istio-proxy\" in pod \"meshed\" not found", (await cluster.SendAsync("GET", $"{Pods}/meshed/log?previous=true")).Body.Text("message"));
    }

    [Fact]
    public async Task Log_OfAPodThatCrashes_EndsWithWhyNowAndBefore()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(
            made => made.Extend(_ => new ClusterExtension { Health = [new Trouble("CrashLoopBackOff", "no configuration")] }));
        await cluster.DoAsync("POST", Pods, Meshed, "application/yaml");
        await cluster.UntilAsync($"{Pods}/meshed", (_, pod) => pod["status"].Objects("containerStatuses").Any(status => status.Number("restartCount") > 0));

        Assert.EndsWith("no configuration\n", await TextAsync(cluster, "meshed/log?container=web"), StringComparison.Ordinal);
        Assert.EndsWith("no configuration\n", await TextAsync(cluster, "meshed/log?container=web&previous=true"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_OfAnImageThatIsNotThere_SaysWhatItWaitsFor()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(
            made => made.Extend(_ => new ClusterExtension { Health = [new Trouble("ImagePullBackOff", "Back-off pulling image \"nginx\"")] }));
        await cluster.DoAsync("POST", Pods, Meshed, "application/yaml");
        await cluster.UntilAsync($"{Pods}/meshed", (_, pod) => pod["status"].Objects("containerStatuses").Any());

        var (status, refused) = await cluster.SendAsync("GET", $"{Pods}/meshed/log?container=web");

        Assert.Equal((400, "container \"web\" in pod \"meshed\" is waiting to start: trying and failing to pull image"), (status, refused.Text("message")));
    }

    [Fact]
    public async Task Kubectl_Logs_FollowUntilThePodIsGone()
    {
        await using var cluster = await StartAsync(Meshed);
        using var kubectl = new Kubectl(cluster);
        using var follow = kubectl.Start("logs -f meshed -c web");
        Assert.Equal("web runs in a sandbox", await follow.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));

        Assert.Contains("ready to serve", await kubectl.RunAsync("logs meshed --tail=5 --since=1h"), StringComparison.Ordinal);
        Assert.Contains("Envoy proxy is ready", await kubectl.RunAsync("logs meshed --all-containers --prefix"), StringComparison.Ordinal);
        await kubectl.RunAsync("delete pod meshed --grace-period=1");

        await follow.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, follow.ExitCode);
    }

    private static async Task<ClusterUnderTest> StartAsync(string pod)
    {
        var cluster = await ClusterUnderTest.StartAsync();
        await cluster.DoAsync("POST", Pods, pod, "application/yaml");
        await cluster.UntilAsync($"{Pods}/meshed", (_, found) => found["status"].Text("phase") == "Running");
        return cluster;
    }

    private static Task<string> TextAsync(ClusterUnderTest cluster, string path) =>
        cluster.Http.GetStringAsync(new Uri($"{Pods}/{path}", UriKind.Relative), TestContext.Current.CancellationToken);

    private sealed class Trouble(string reason, string message) : IPodHealth
    {
        public PodTrouble? TroubleOf(JsonObject pod) => new("", reason, message);
    }
}
