using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes;

public sealed class WorldObjectsTests
{
    private static readonly WorldCluster World = new("p", "l", "c", "n")
    {
        Version = "1.30.9-gke.1127000",
        Objects =
        [
            Object("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"}}"""),
            Object("""
                {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"toys.example.com"},
                 "spec":{"group":"example.com","scope":"Namespaced","names":{"plural":"toys","kind":"Toy"},"versions":[
                   {"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}]}}
                """),
            Object("""{"apiVersion":"example.com/v1","kind":"Toy","metadata":{"name":"t","namespace":"shop"},"spec":{"any":"thing"}}"""),
        ],
    };

    [Fact]
    public async Task Cluster_WithObjects_HasThemAtTheStart()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(_ => { }, World);

        var toy = await cluster.DoAsync("GET", "/apis/example.com/v1/namespaces/shop/toys/t");
        var version = await cluster.DoAsync("GET", "/version");

        Assert.Equal("thing", toy["spec"]!["any"]!.GetValue<string>());
        Assert.Equal("v1.30.9-gke.1127000", version["gitVersion"]!.GetValue<string>());
    }

    [Fact]
    public async Task Cluster_WithAnObjectOfNoKind_SaysSoAtTheStart()
    {
        var world = World with { Objects = [Object("""{"apiVersion":"example.com/v1","kind":"Nothing","metadata":{"name":"x"}}""")] };

        var failure = await Assert.ThrowsAsync<InvalidDataException>(() => ClusterUnderTest.StartAsync(_ => { }, world));

        Assert.Contains("has no kind example.com/v1 Nothing", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cluster_OutOfReach_AnswersNobody()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(_ => { }, World with { Quirks = [WorldQuirks.Unreachable] });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => cluster.Http.GetAsync("/version"));
    }

    private static JsonObject Object(string text) => (JsonObject)JsonNode.Parse(text)!;
}
