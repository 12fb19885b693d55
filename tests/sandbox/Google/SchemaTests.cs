using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Google;
using MeshWorkflow.Sandbox.Google.Schemas;

namespace MeshWorkflow.Tests.Sandbox.Google;

public sealed class SchemaTests
{
    private readonly Schema _membership = ApiSchemas.Of("gkehub").Message("Membership");

    [Fact]
    public void Read_SnakeCase_IsReadAsCamelCase()
    {
        var read = _membership.Read(JsonNode.Parse("""{"external_id":"x","authority":{"workload_identity_pool":"p"},"labels":{"snake_key":"v"}}"""));

        Assert.Equal("""{"externalId":"x","authority":{"workloadIdentityPool":"p"},"labels":{"snake_key":"v"}}""", read.ToJsonString());
    }

    [Fact]
    public void Read_UnknownField_IsRefusedByItsPlace()
    {
        var refused = Assert.Throws<GoogleFailure>(() => _membership.Read(JsonNode.Parse("""{"authority":{"pool":"p"}}""")));

        Assert.Equal(400, refused.Answer.Status);
        Assert.Contains("Unknown name \"pool\" at 'authority'", refused.Answer.Body?["error"]?["message"]?.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SeveralMistakes_TellsAllOfThem()
    {
        var refused = Assert.Throws<GoogleFailure>(() => _membership.Read(JsonNode.Parse(
            """{"labels":{"a":1},"clusterTier":"GOLD","endpoint":{"googleManaged":"yes"},"nope":1}""")));

        var violations = refused.Answer.Body?["error"]?["details"]?[0]?["fieldViolations"] as JsonArray;
        Assert.Equal(4, violations?.Count);
    }

    [Theory]
    [InlineData("""{"labels":null}""")]
    [InlineData("""{"endpoint":{"kubernetesMetadata":{"nodeCount":"3"}}}""")]
    [InlineData("""{"authority":{"oidcJwks":"e30="}}""")]
    public void Read_WhatProtoJsonAllows_IsRead(string json) => _membership.Read(JsonNode.Parse(json));

    [Fact]
    public void Apply_MaskedAndAbsent_IsCleared()
    {
        var resource = (JsonObject)JsonNode.Parse("""{"labels":{"a":"b"},"authority":{"issuer":"i"}}""")!;
        var mask = FieldMask.Read("authority.issuer", _membership, "authority", "labels");

        mask.Apply(resource, []);

        Assert.Equal("""{"labels":{"a":"b"}}""", resource.ToJsonString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("state")]
    [InlineData("authority.nope")]
    public void Read_MaskOfWhatCannotBeUpdated_IsRefused(string mask) =>
        Assert.Throws<GoogleFailure>(() => FieldMask.Read(mask, _membership, "authority", "labels"));
}
