using System.Text.Json.Nodes;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes;

public sealed class PatchesTests : IAsyncLifetime
{
    private const string Deployments = "/apis/apps/v1/namespaces/default/deployments";
    private const string Maps = "/api/v1/namespaces/default/configmaps";
    private const string Apply = "application/apply-patch+yaml";
    private ClusterUnderTest _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await ClusterUnderTest.StartAsync();
        await _cluster.DoAsync("POST", Deployments, Manifests.Web, "application/yaml");
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task StrategicPatch_OfAContainer_LeavesTheOthers()
    {
        await _cluster.DoAsync("PATCH", $"{Deployments}/web", """
            {"spec":{"template":{"spec":{"containers":[{"name":"side","image":"side:1"},{"name":"web","env":[{"name":"A","value":"1"}]}]}}}}
            """, "application/strategic-merge-patch+json");

        var patched = await _cluster.DoAsync("PATCH", $"{Deployments}/web", """
            {"spec":{"template":{"spec":{"containers":[{"name":"side","$patch":"delete"},{"name":"web","env":[{"name":"B","value":"2"}]}]}}}}
            """, "application/strategic-merge-patch+json");

        var container = Assert.Single(patched["spec"]!["template"]!["spec"]!["containers"]!.AsArray())!;
        Assert.Equal("nginx:1.25", container["image"]!.GetValue<string>());
        Assert.Equal(["A", "B"], container["env"]!.AsArray().Select(item => item!["name"]!.GetValue<string>()).Order());
    }

    [Fact]
    public async Task JsonPatch_TestThatFails_ChangesNothing()
    {
        var (status, body) = await _cluster.SendAsync("PATCH", $"{Deployments}/web", """
            [{"op":"replace","path":"/spec/replicas","value":5},{"op":"test","path":"/metadata/name","value":"other"}]
            """, "application/json-patch+json");

        Assert.Equal((422, "Invalid"), (status, body["reason"]!.GetValue<string>()));
        Assert.Equal(2, (await _cluster.DoAsync("GET", $"{Deployments}/web"))["spec"]!["replicas"]!.GetValue<int>());
    }

    [Fact]
    public async Task Apply_FieldNoLongerNamed_Goes()
    {
        await ApplyAsync("one", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"},"data":{"a":"1","b":"2"}}""");
        await ApplyAsync("two", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"},"data":{"c":"3"}}""");

        var applied = await ApplyAsync("one", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"},"data":{"a":"1"}}""");

        Assert.Equal("""{"a":"1","c":"3"}""", applied["data"]!.ToJsonString());
        Assert.Equal(
            """{"f:data":{"f:a":{}}}""",
            applied["metadata"]!["managedFields"]!.AsArray().Single(entry => entry!["manager"]!.GetValue<string>() == "one")!["fieldsV1"]!.ToJsonString());
    }

    [Fact]
    public async Task Apply_SameAgain_KeepsTheVersion()
    {
        const string Map = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"},"data":{"a":"1"}}""";
        var first = await ApplyAsync("one", Map);

        var second = await ApplyAsync("one", Map);

        Assert.Equal(first["metadata"]!["resourceVersion"]!.GetValue<string>(), second["metadata"]!["resourceVersion"]!.GetValue<string>());
    }

    [Fact]
    public async Task Apply_SharedValue_IsOwnedByBothUntilOneLeaves()
    {
        const string Both = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"},"data":{"a":"1"}}""";
        await ApplyAsync("one", Both);
        await ApplyAsync("two", Both);

        var left = await ApplyAsync("one", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"}}""");

        Assert.Equal("1", left["data"]!["a"]!.GetValue<string>());
    }

    [Fact]
    public async Task Apply_FieldWrittenByAnUpdate_IsAConflictByItsPath()
    {
        await ApplyAsync("one", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"},"data":{"a":"1"}}""");
        await _cluster.DoAsync("PATCH", $"{Maps}/m?fieldManager=hand", """{"data":{"a":"2"}}""", "application/merge-patch+json");

        var (status, body) = await _cluster.SendAsync(
            "PATCH",
            $"{Maps}/m?fieldManager=one",
            """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"},"data":{"a":"1"}}""",
            Apply);

        Assert.Equal(409, status);
        Assert.StartsWith("Apply failed with 1 conflict: conflict with \"hand\" using v1 at ", body["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(".data.a", body["details"]!["causes"]![0]!["field"]!.GetValue<string>());
        Assert.Equal("FieldManagerConflict", body["details"]!["causes"]![0]!["reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task Create_UnknownField_IsDroppedWithAWarning()
    {
        var (status, made) = await _cluster.SendAsync("POST", Maps, """{"metadata":{"name":"m"},"dota":{"a":"1"}}""");

        Assert.Equal(201, status);
        Assert.Null(made["dota"]);
        var (strict, refused) = await _cluster.SendAsync("POST", $"{Maps}?fieldValidation=Strict", """{"metadata":{"name":"n"},"dota":{}}""");
        Assert.Equal(400, strict);
        Assert.Contains("strict decoding error: unknown field \"dota\"", refused["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Autoscaler_InItsOldVersion_IsTheSameObject()
    {
        await _cluster.DoAsync("POST", "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers", """
            {"metadata":{"name":"h"},"spec":{"maxReplicas":3,"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"},"targetCPUUtilizationPercentage":70}}
            """);

        var shown = await _cluster.DoAsync("GET", "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers/h");

        Assert.Equal(70, shown["spec"]!["metrics"]![0]!["resource"]!["target"]!["averageUtilization"]!.GetValue<int>());
        Assert.Equal("autoscaling/v2", shown["apiVersion"]!.GetValue<string>());
    }

    private Task<JsonNode> ApplyAsync(string manager, string map) => _cluster.DoAsync("PATCH", $"{Maps}/m?fieldManager={manager}", map, Apply);
}
