using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes;

public sealed class StatefulSetTests : IAsyncLifetime
{
    private const string Sets = "/apis/apps/v1/namespaces/default/statefulsets";
    private const string Pods = "/api/v1/namespaces/default/pods";

    private const string Db = """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: { name: db }
        spec:
          replicas: 3
          serviceName: db
          selector: { matchLabels: { app: db } }
          template:
            metadata: { labels: { app: db } }
            spec:
              containers: [{ name: db, image: "postgres:16", volumeMounts: [{ name: data, mountPath: /data }] }]
          volumeClaimTemplates:
          - metadata: { name: data }
            spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
        """;

    private ClusterUnderTest _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await ClusterUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task StatefulSet_Created_HasNumberedPodsInOrderWithVolumesOfTheirOwn()
    {
        await _cluster.DoAsync("POST", Sets, Db, "application/yaml");

        var set = await RolledOutAsync(3);

        var pods = Items(await _cluster.DoAsync("GET", Pods));
        Assert.Equal(["db-0", "db-1", "db-2"], pods.Select(pod => pod.Name()));
        Assert.Equal(["data-db-0", "data-db-1", "data-db-2"], Items(await _cluster.DoAsync("GET", "/api/v1/namespaces/default/persistentvolumeclaims")).Select(claim => claim.Name()));
        Assert.Equal("data-db-1", pods[1]["spec"].Objects("volumes").First(volume => volume.Text("name") == "data").Object("persistentVolumeClaim").Text("claimName"));
        Assert.All(pods, pod => Assert.Equal(set["status"].Text("updateRevision"), pod.Label("controller-revision-hash")));
        Assert.Equal(set["status"].Text("updateRevision"), set["status"].Text("currentRevision"));
        var versions = pods.Select(pod => DateTimeOffset.Parse(pod["metadata"].Text("creationTimestamp"), System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(versions.Order(), versions);
    }

    [Fact]
    public async Task StatefulSet_Restarted_ReplacesFromTheLastAndKeepsItsHistory()
    {
        await _cluster.DoAsync("POST", Sets, Db, "application/yaml");
        var first = (await RolledOutAsync(3))["status"].Text("updateRevision");
        var before = Items(await _cluster.DoAsync("GET", Pods)).Select(pod => pod.Uid()).ToHashSet();

        await _cluster.DoAsync("PATCH", $"{Sets}/db", """{"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"now"}}}}}""", "application/merge-patch+json");
        await _cluster.UntilAsync($"{Sets}/db", (_, set) => set["status"].Text("updateRevision") != first && set["status"].Text("currentRevision") == set["status"].Text("updateRevision"));

        var set = await RolledOutAsync(3);
        Assert.DoesNotContain(Items(await _cluster.DoAsync("GET", Pods)), pod => before.Contains(pod.Uid()));
        Assert.Equal(2, Items(await _cluster.DoAsync("GET", "/apis/apps/v1/namespaces/default/controllerrevisions")).Count);
        Assert.Equal(2, set["status"].Number("observedGeneration"));
        var ends = Items(await _cluster.DoAsync("GET", "/api/v1/namespaces/default/events?fieldSelector=reason=SuccessfulDelete")).OrderBy(told => long.Parse(told.ResourceVersion(), System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(["delete Pod db-2 in StatefulSet db successful", "delete Pod db-1 in StatefulSet db successful", "delete Pod db-0 in StatefulSet db successful"], ends.Select(told => told.Text("message")));
    }

    [Fact]
    public async Task StatefulSet_WithPartition_ReplacesOnlyFromThere()
    {
        await _cluster.DoAsync("POST", Sets, Db, "application/yaml");
        await RolledOutAsync(3);
        await _cluster.DoAsync("PATCH", $"{Sets}/db", """{"spec":{"updateStrategy":{"rollingUpdate":{"partition":2}},"template":{"spec":{"terminationGracePeriodSeconds":5}}}}""", "application/merge-patch+json");

        await _cluster.UntilAsync($"{Sets}/db", (_, set) => set["status"].Number("updatedReplicas") == 1 && set["status"].Number("readyReplicas") == 3);

        var graces = Items(await _cluster.DoAsync("GET", Pods)).Select(pod => pod["spec"].Number("terminationGracePeriodSeconds")!.Value).ToArray();
        Assert.Equal([30L, 30L, 5L], graces);
    }

    [Fact]
    public async Task Kubectl_RollsOutScalesUndoesAndDeletes()
    {
        using var kubectl = new Kubectl(_cluster);
        await kubectl.RunAsync("apply -f -", Db);
        Assert.Contains("partitioned roll out complete: 3 new pods", await kubectl.RunAsync("rollout status sts/db --timeout=60s"), StringComparison.Ordinal);

        await kubectl.RunAsync("set image sts/db db=postgres:17");
        await kubectl.RunAsync("rollout status sts/db --timeout=60s");
        await kubectl.RunAsync("rollout undo sts/db");
        await kubectl.RunAsync("rollout status sts/db --timeout=60s");
        Assert.Equal("postgres:16", await kubectl.RunAsync("get pod db-2 -o jsonpath={.spec.containers[0].image}"));
        Assert.Contains("3", await kubectl.RunAsync("rollout history sts/db"), StringComparison.Ordinal);

        await kubectl.RunAsync("scale sts db --replicas=1");
        await kubectl.UntilAsync("get pods -o name", found => found == "pod/db-0\n");
        Assert.Matches("db +1/1", await kubectl.RunAsync("get sts"));
        await kubectl.RunAsync("delete sts db --cascade=foreground --timeout=60s");
        Assert.Equal("", await kubectl.RunAsync("get pods,controllerrevisions -o name"));
    }

    private Task<JsonNode> RolledOutAsync(int replicas) => _cluster.UntilAsync($"{Sets}/db", (_, set) =>
        set["status"].Number("readyReplicas") == replicas && set["status"].Number("updatedReplicas") == replicas && set["status"].Number("replicas") == replicas
        && set["status"].Number("observedGeneration") == set["metadata"].Number("generation"));

    private static List<JsonObject> Items(JsonNode list) => [.. list.Objects("items")];
}
