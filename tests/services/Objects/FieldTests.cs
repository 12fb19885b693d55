using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi.Objects;

namespace MeshWorkflow.Tests.Services.Objects;

public sealed class FieldTests
{
    [Theory]
    [InlineData("spec.replicas")]
    [InlineData("metadata.labels[\"istio.io/rev\"]")]
    [InlineData("webhooks[name=\"rev.namespace.sidecar-injector.istio.io\"].clientConfig.service.name")]
    [InlineData("spec.template.spec.containers[name=\"discovery\"].env[name=\"A\"].value")]
    public void Parse_OfText_IsTheSamePath(string text) => Assert.Equal(text, FieldPath.Parse(text).ToString());

    [Fact]
    public void Write_ThenTakeAway_LeavesTheObjectAsItWas()
    {
        var body = Read("metadata: {name: a}\nspec: {x: 1}");
        var path = FieldPath.Parse("metadata.labels[\"istio.io/rev\"]");

        path.Write(body, "r");
        var written = path.Read(body)?.ToString();
        path.Write(body, null);

        Assert.Equal("r", written);
        Assert.Equal(Read("metadata: {name: a}\nspec: {x: 1}").ToJsonString(), body.ToJsonString());
    }

    [Fact]
    public void Write_InAnItem_LeavesItsNeighbours()
    {
        var body = Read("webhooks: [{name: a, service: {name: x}}, {name: b, service: {name: y}}]");

        FieldPath.Parse("webhooks[name=\"b\"].service.name").Write(body, "z");

        Assert.Equal(Read("webhooks: [{name: a, service: {name: x}}, {name: b, service: {name: z}}]").ToJsonString(), body.ToJsonString());
    }

    [Theory]
    [InlineData("spec: {a: 1}", "spec: {a: 1, b: 2}")]
    [InlineData("spec: {a: '', b: {}, c: [], d: false, e: 0}", "spec: {}")]
    [InlineData("spec: {resources: {limits: {cpu: 2000m, memory: 1024Mi}}}", "spec: {resources: {limits: {cpu: '2', memory: 1Gi}}}")]
    [InlineData("spec: {containers: [{name: a, image: x}]}", "spec: {containers: [{name: istio-proxy, image: p}, {name: a, image: x, extra: 1}]}")]
    [InlineData("status: {x: 1}", "spec: {}")]
    [InlineData("spec: {ports: [{port: 80}]}", "spec: {ports: [{port: 80, protocol: TCP}]}")]
    public void Between_WhatMeansTheSame_IsNothing(string wanted, string live) =>
        Assert.Empty(FieldDifferences.Between(Read(wanted), Read(live)));

    [Theory]
    [InlineData("spec: {a: 1}", "spec: {a: 2}", "spec.a")]
    [InlineData("spec: {a: 1}", "spec: {}", "spec.a")]
    [InlineData("spec: {containers: [{name: a, image: x}]}", "spec: {containers: [{name: a, image: y}]}", "spec.containers[name=\"a\"].image")]
    [InlineData("rules: [{verbs: [get]}]", "rules: [{verbs: [get]}, {verbs: ['*']}]", "rules")]
    [InlineData("subjects: [{name: a}]", "subjects: [{name: a}, {name: b}]", "subjects")]
    [InlineData("spec: {cpu: 2000m}", "spec: {cpu: '2'}", "spec.cpu")]
    [InlineData("metadata: {labels: {a.b/c: x}}", "metadata: {labels: {a.b/c: y}}", "metadata.labels[\"a.b/c\"]")]
    public void Between_WhatDiffers_IsNamed(string wanted, string live, string path) =>
        Assert.Equal(path, Assert.Single(FieldDifferences.Between(Read(wanted), Read(live))).Path.ToString());

    [Theory]
    [InlineData("a: yes", "true")]
    [InlineData("a: \"yes\"", "\"yes\"")]
    [InlineData("a: 0644", "420")]
    [InlineData("a: 0", "0")]
    [InlineData("a: 1.5", "1.5")]
    [InlineData("a: 1.2.3", "\"1.2.3\"")]
    [InlineData("a: ~", "null")]
    [InlineData("a: 500m", "\"500m\"")]
    public void Read_Scalars_AreWhatKubernetesTakesThemFor(string text, string json) =>
        Assert.Equal(json, Read(text)["a"]?.ToJsonString() ?? "null");

    [Theory]
    [InlineData("//container.googleapis.com/projects/p/locations/l/clusters/c/k8s/namespaces/ns/apps/deployments/d")]
    [InlineData("//container.googleapis.com/projects/p/locations/l/clusters/c/k8s/namespaces/ns/configmaps/m")]
    [InlineData("//container.googleapis.com/projects/p/locations/l/clusters/c/k8s/rbac.authorization.k8s.io/clusterroles/r")]
    [InlineData("//container.googleapis.com/projects/p/locations/l/clusters/c/k8s/namespaces/ns")]
    public void Parse_OfResourceName_IsTheSameObject(string name) =>
        Assert.Equal(name, ObjectRef.Parse(name).ResourceName("//container.googleapis.com/projects/p/locations/l/clusters/c"));

    private static JsonObject Read(string yaml) => Assert.IsType<JsonObject>(Yaml.Read(yaml).Single());
}
