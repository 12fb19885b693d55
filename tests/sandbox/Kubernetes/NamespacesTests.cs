using System.Text.Json.Nodes;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes;

public sealed class NamespacesTests : IAsyncLifetime
{
    private const string Mesh = """{"kind":"Namespace","apiVersion":"v1","metadata":{"name":"mesh","labels":{"a":"b"}}}""";
    private ClusterUnderTest _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await ClusterUnderTest.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Create_Namespace_IsActiveAndFilled()
    {
        var made = await _cluster.DoAsync("POST", "/api/v1/namespaces", Mesh);

        Assert.Equal("Active", made["status"]!["phase"]!.GetValue<string>());
        Assert.Equal("mesh", made["metadata"]!["labels"]!["kubernetes.io/metadata.name"]!.GetValue<string>());
        var map = await _cluster.UntilAsync("/api/v1/namespaces/mesh/configmaps/kube-root-ca.crt", (status, _) => status == 200);
        Assert.Contains("BEGIN CERTIFICATE", map["data"]!["ca.crt"]!.GetValue<string>(), StringComparison.Ordinal);
        await _cluster.DoAsync("GET", "/api/v1/namespaces/mesh/serviceaccounts/default");
    }

    [Fact]
    public async Task Create_Twice_IsRefusedAsKubernetesDoes()
    {
        await _cluster.DoAsync("POST", "/api/v1/namespaces", Mesh);

        var (status, body) = await _cluster.SendAsync("POST", "/api/v1/namespaces", Mesh);

        Assert.Equal(409, status);
        Assert.Equal(
            """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"namespaces \"mesh\" already exists","reason":"AlreadyExists","details":{"name":"mesh","kind":"namespaces"},"code":409}""",
            Text(body));
    }

    [Fact]
    public async Task Delete_OtherVersion_IsAConflict()
    {
        var made = await _cluster.DoAsync("POST", "/api/v1/namespaces", Mesh);
        await _cluster.DoAsync(
            "PATCH", "/api/v1/namespaces/mesh", """{"metadata":{"annotations":{"x":"y"}}}""", "application/merge-patch+json");

        var (status, body) = await _cluster.SendAsync("DELETE", "/api/v1/namespaces/mesh", new JsonObject
        {
            ["kind"] = "DeleteOptions",
            ["apiVersion"] = "v1",
            ["preconditions"] = new JsonObject { ["resourceVersion"] = made["metadata"]!["resourceVersion"]!.GetValue<string>() },
        }.ToJsonString());

        Assert.Equal((409, "Conflict"), (status, body["reason"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Delete_Namespace_TerminatesThenGoesWithWhatIsInIt()
    {
        await _cluster.DoAsync("POST", "/api/v1/namespaces", Mesh);
        await _cluster.DoAsync("POST", "/api/v1/namespaces/mesh/configmaps", """{"metadata":{"name":"m"},"data":{"k":"v"}}""");

        var going = await _cluster.DoAsync("DELETE", "/api/v1/namespaces/mesh");

        Assert.Equal("Terminating", going["status"]!["phase"]!.GetValue<string>());
        await _cluster.UntilAsync("/api/v1/namespaces/mesh", (status, _) => status == 404);
        var (status, _) = await _cluster.SendAsync("GET", "/api/v1/namespaces/mesh/configmaps/m");
        Assert.Equal(404, status);
    }

    [Fact]
    public async Task Delete_NamespaceWithHeldContent_WaitsAndSaysWhy()
    {
        await _cluster.DoAsync("POST", "/api/v1/namespaces", Mesh);
        await _cluster.DoAsync(
            "POST", "/api/v1/namespaces/mesh/configmaps", """{"metadata":{"name":"m","finalizers":["example.com/hold"]}}""");
        await _cluster.DoAsync("DELETE", "/api/v1/namespaces/mesh");

        var waiting = await _cluster.UntilAsync("/api/v1/namespaces/mesh", (_, body) => body["status"]?["conditions"] is not null);
        Assert.Contains("example.com/hold in 1 resource instances", Text(waiting), StringComparison.Ordinal);
        var (refused, why) = await _cluster.SendAsync("POST", "/api/v1/namespaces/mesh/configmaps", """{"metadata":{"name":"n"}}""");
        Assert.Equal(403, refused);
        Assert.Contains("because it is being terminated", Text(why), StringComparison.Ordinal);

        await _cluster.DoAsync(
            "PATCH",
            "/api/v1/namespaces/mesh/configmaps/m",
            """[{"op":"remove","path":"/metadata/finalizers"}]""",
            "application/json-patch+json");
        await _cluster.UntilAsync("/api/v1/namespaces/mesh", (status, _) => status == 404);
    }

    [Fact]
    public async Task Update_OldLease_IsAConflict()
    {
        const string Path = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";
        var made = await _cluster.DoAsync("POST", Path, """{"metadata":{"name":"meshworkflow"},"spec":{"holderIdentity":"one"}}""");
        made["spec"]!["holderIdentity"] = "two";
        await _cluster.DoAsync("PUT", $"{Path}/meshworkflow", made.ToJsonString());

        made["spec"]!["holderIdentity"] = "three";
        var (status, body) = await _cluster.SendAsync("PUT", $"{Path}/meshworkflow", made.ToJsonString());

        Assert.Equal(409, status);
        Assert.Equal(
            "Operation cannot be fulfilled on leases.coordination.k8s.io \"meshworkflow\": the object has been modified; please apply your changes to the latest version and try again",
            body["message"]!.GetValue<string>());
    }

    [Fact]
    public async Task Create_DryRun_LeavesNothing()
    {
        await _cluster.DoAsync("POST", "/api/v1/namespaces?dryRun=All", Mesh);

        var (status, _) = await _cluster.SendAsync("GET", "/api/v1/namespaces/mesh");

        Assert.Equal(404, status);
    }

    private static string Text(JsonNode node) => node.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
