using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Hosting;
using MeshWorkflow.Sandbox.Kubernetes;
using MeshWorkflow.Sandbox.Kubernetes.Events;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Pods;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Sandbox.Worlds.Comparing;
using Microsoft.Extensions.Time.Testing;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes;

public sealed class EventsTests
{
    private const string Core = "/api/v1/namespaces/default/events";
    private const string New = "/apis/events.k8s.io/v1/namespaces/default/events";
    private static readonly ResourceKind Events = BuiltinKinds.Find("", "events");
    private static readonly ResourceKind Namespaces = BuiltinKinds.Find("", "namespaces");

    [Fact]
    public async Task Deployment_RolledOut_TellsOfEveryStepInBothVersions()
    {
        await using var cluster = await ClusterUnderTest.StartAsync();
        await cluster.DoAsync("POST", "/apis/apps/v1/namespaces/default/deployments", Manifests.Web, "application/yaml");
        await cluster.UntilAsync($"{Core}?fieldSelector=reason=Started", (_, found) => Items(found).Count == 2);

        var told = Items(await cluster.DoAsync("GET", Core));
        var set = Assert.Single(told, item => Text(item, "reason") == "ScalingReplicaSet");

        Assert.Matches("^Scaled up replica set web-[a-z0-9]+ from 0 to 2$", Text(set, "message"));
        Assert.Equal("deployment-controller", set["source"].Text("component"));
        Assert.Equal(2, told.Count(item => Text(item, "reason") == "SuccessfulCreate"));
        Assert.Equal(
            ["Created", "Pulled", "Scheduled", "Started"],
            told.Where(item => item["involvedObject"].Text("kind") == "Pod").Select(item => Text(item, "reason")).Distinct().Order());
        var views = Items(await cluster.DoAsync("GET", $"{New}?fieldSelector=regarding.kind=Pod,reason=Scheduled"));
        Assert.Equal(2, views.Count);
        Assert.All(views, view => Assert.Matches("^Successfully assigned default/web-", Text(view, "note")));
        Assert.All(views, view => Assert.Equal(("default-scheduler", "Binding"), (Text(view, "reportingController"), Text(view, "action"))));
        Assert.DoesNotContain(views, view => view["message"] is not null || view["involvedObject"] is not null);
    }

    [Fact]
    public async Task Event_WrittenInOneVersion_IsTheSameObjectInTheOther()
    {
        await using var cluster = await ClusterUnderTest.StartAsync();
        await cluster.DoAsync("POST", New, """
            { "apiVersion": "events.k8s.io/v1", "kind": "Event", "metadata": { "name": "mine" }, "regarding": { "kind": "Pod", "name": "p", "namespace": "default" },
              "reason": "Seen", "note": "by me", "type": "Normal", "action": "Look", "eventTime": "2026-01-02T03:04:05.000006Z",
              "reportingController": "example.com/me", "reportingInstance": "me-1" }
            """);

        var core = await cluster.DoAsync("GET", $"{Core}/mine");
        await cluster.DoAsync("PATCH", $"{Core}/mine", """{"message":"by both"}""", "application/merge-patch+json");

        Assert.Equal(("by me", "p", "example.com/me"), (Text(core, "message"), core["involvedObject"].Text("name"), Text(core, "reportingComponent")));
        Assert.Equal("by both", Text(await cluster.DoAsync("GET", $"{New}/mine"), "note"));
        await cluster.DoAsync("DELETE", $"{New}/mine");
        Assert.Equal(404, (await cluster.SendAsync("GET", $"{Core}/mine")).Status);
        var (status, refused) = await cluster.SendAsync("POST", Core, """
            { "apiVersion": "v1", "kind": "Event", "metadata": { "name": "far" }, "involvedObject": { "kind": "Pod", "namespace": "other" }, "reason": "Seen" }
            """);
        Assert.Equal(422, status);
        Assert.Contains("involvedObject.namespace: Invalid value: \"other\": does not match event.namespace", Text(refused, "message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pod_KeepsCrashing_IsCountedInOneEvent()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(
            made => made.Extend(_ => new ClusterExtension { Health = [new Crashing()] }));
        await cluster.DoAsync("POST", "/apis/apps/v1/namespaces/default/deployments", Manifests.Web, "application/yaml");

        var found = await cluster.UntilAsync(
            $"{Core}?fieldSelector=reason=BackOff", (_, found) => Items(found).Count == 2 && Items(found).TrueForAll(item => item.Number("count") > 2));

        Assert.All(Items(found), item => Assert.Matches("^Back-off restarting failed container web in pod web-.*_default\\(.+\\)$", Text(item, "message")));
        Assert.All(Items(found), item => Assert.Equal(("Warning", "spec.containers{web}"), (Text(item, "type"), item["involvedObject"].Text("fieldPath"))));
    }

    [Fact]
    public async Task Events_Told_AreNoDifferenceOfWorlds()
    {
        await using var cluster = await ClusterUnderTest.StartAsync();
        await cluster.DoAsync("GET", Core);
        var before = new WorldSnapshot(Snapshot(cluster));
        await cluster.DoAsync("POST", Core, """
            { "apiVersion": "v1", "kind": "Event", "metadata": { "name": "mine" }, "involvedObject": { "kind": "Pod", "namespace": "default" }, "reason": "Seen" }
            """);

        var after = Snapshot(cluster);

        Assert.Contains(after.Keys, name => name.EndsWith("/events/mine", StringComparison.Ordinal));
        Assert.Empty(WorldDiff.Compare(before, new WorldSnapshot(after)));
    }

    [Fact]
    public async Task Kubectl_GetEventsAndDescribe_ShowThem()
    {
        await using var cluster = await ClusterUnderTest.StartAsync();
        using var kubectl = new Kubectl(cluster);
        await kubectl.RunAsync("apply -f -", Manifests.Web);
        await kubectl.RunAsync("rollout status deploy/web --timeout=60s");

        var all = await kubectl.RunAsync("get events");
        var pod = (await kubectl.RunAsync("get pods -o name")).Split('\n')[0];

        Assert.Matches("^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n", all);
        Assert.Matches("[0-9]+s +Normal +ScalingReplicaSet +deployment/web +Scaled up replica set web-[a-z0-9]+ from 0 to 2", all);
        Assert.Contains("default-scheduler", await kubectl.RunAsync("get events.events.k8s.io -o wide"), StringComparison.Ordinal);
        Assert.Matches("Normal +Started +.*kubelet +Started container web", await kubectl.RunAsync($"describe {pod}"));
        Assert.Matches("Normal +ScalingReplicaSet +.*deployment-controller +Scaled up", await kubectl.RunAsync("describe deploy web"));
        var (code, mine, error) = await kubectl.TryAsync($"events --for {pod}");
        Assert.SkipWhen(error.Contains("unknown", StringComparison.Ordinal), "This kubectl has no command 'events'.");
        Assert.Equal(0, code);
        Assert.Contains("Scheduled", mine, StringComparison.Ordinal);
        Assert.DoesNotContain("ScalingReplicaSet", mine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_TooManyOrTooOld_Go()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        var gate = new WorldGate();
        using var state = new ClusterState(new WorldCluster("p", "l", "c", "n"), new SandboxOptions { Folder = "", Time = time }, gate, new Journal(time));
        var ns = new JsonObject { ["metadata"] = new JsonObject { ["name"] = "shop" } };
        lock (gate.Gate)
        {
            state.Store.Put(Namespaces, ns);
            for (var i = 0; i < EventRecorder.MostKept + 50; i++)
            {
                time.Advance(TimeSpan.FromSeconds(1));
                state.Events.Tell(EventReporter.Services, Namespaces, new JsonObject { ["metadata"] = new JsonObject { ["name"] = $"s{i}", ["namespace"] = "shop" } }, new Happening("Seen", "it"));
            }
        }

        await UntilAsync(() => state.Store.Count(Events) == EventRecorder.MostKept);
        Assert.Null(state.Store.List(Events).FirstOrDefault(told => told["involvedObject"].Text("name") == "s49"));
        Assert.NotNull(state.Store.List(Events).FirstOrDefault(told => told["involvedObject"].Text("name") == "s50"));
        await UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromMinutes(1));
            return state.Store.Count(Events) == 0;
        });

        async Task UntilAsync(Func<bool> isSo)
        {
            while (true)
            {
                lock (gate.Gate)
                {
                    if (isSo())
                    {
                        return;
                    }
                }

                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }
    }

    private static Dictionary<string, JsonNode> Snapshot(ClusterUnderTest cluster) => new(cluster.Cluster.Resources(), StringComparer.Ordinal);

    private static List<JsonNode> Items(JsonNode list) => [.. (list["items"] as JsonArray ?? []).OfType<JsonNode>()];

    private static string Text(JsonNode item, string field) => item.Text(field);

    private sealed class Crashing : IPodHealth
    {
        public PodTrouble? TroubleOf(JsonObject pod) => new("", "CrashLoopBackOff", "back-off 10s restarting failed container");
    }
}
