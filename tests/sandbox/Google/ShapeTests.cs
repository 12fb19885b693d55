using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Google;

namespace MeshWorkflow.Tests.Sandbox.Google;

public sealed class ShapeTests
{
    private readonly Shape _shape = new Shape().With("labels").With("authority", new Shape().With("workloadIdentityPool"));

    [Fact]
    public void Read_SnakeCase_IsReadAsCamelCase()
    {
        var read = _shape.Read(JsonNode.Parse("""{"authority":{"workload_identity_pool":"p"}}"""), "membership");

        Assert.Equal("""{"authority":{"workloadIdentityPool":"p"}}""", read.ToJsonString());
    }

    [Fact]
    public void Read_UnknownField_IsRefusedByItsPlace()
    {
        var refused = Assert.Throws<GoogleFailure>(() => _shape.Read(JsonNode.Parse("""{"authority":{"pool":"p"}}"""), "membership"));

        Assert.Equal(400, refused.Answer.Status);
        Assert.Contains("Unknown name \"pool\" at 'authority'", refused.Answer.Body?["error"]?["message"]?.GetValue<string>(), StringComparison.Ordinal);
    }
}
