using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Sandbox.Google;

/// <summary>Service perimeters: who is outside is refused, whatever the roles.</summary>
public sealed class PerimeterTests
{
    private const string Clusters = "container/v1/projects/prod-apps/locations/-/clusters";
    private const string LetIn = "user:night@example.com";
    private static readonly WorldPerimeter Perimeter = new("prod", ["prod-apps"], ["container", "compute"]) { Access = [LetIn] };

    [Fact]
    public async Task Call_FromOutside_IsRefusedAsGoogleDoes()
    {
        await using var google = await GoogleFixture.StartAsync(SampleWorld.Make() with { Perimeters = [Perimeter] });

        var (status, body) = await google.SendAsync("GET", Clusters);

        Assert.Equal((403, "PERMISSION_DENIED"), (status, body["error"]!["status"]!.GetValue<string>()));
        var details = body["error"]!["details"]!.AsArray();
        var identifier = details[0]!["violations"]![0]!["description"]!.GetValue<string>();
        Assert.Equal($"Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: {identifier}", body["error"]!["message"]!.GetValue<string>());
        Assert.Equal("VPC_SERVICE_CONTROLS", details[0]!["violations"]![0]!["type"]!.GetValue<string>());
        Assert.Equal("SECURITY_POLICY_VIOLATED", details[1]!["reason"]!.GetValue<string>());
        Assert.Equal(
            ("container.googleapis.com", identifier, "projects/123456789012"),
            (details[1]!["metadata"]!["service"]!.GetValue<string>(), details[1]!["metadata"]!["uid"]!.GetValue<string>(), details[1]!["metadata"]!["consumer"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("cloudresourcemanager/v1/projects/prod-apps", GoogleFixture.Owner)]
    [InlineData("container/v1/projects/prod-fleet/locations/-/clusters", GoogleFixture.Owner)]
    [InlineData(Clusters, LetIn)]
    public async Task Call_OfAnotherApiOrProjectOrWhoIsLetIn_IsAnswered(string path, string principal)
    {
        await using var google = await GoogleFixture.StartAsync(SampleWorld.Make() with { Perimeters = [Perimeter] });

        await google.OkAsync("GET", path, principal: principal);
    }

    [Fact]
    public async Task Call_OfComputeEngine_IsRefusedInItsWords()
    {
        await using var google = await GoogleFixture.StartAsync(SampleWorld.Make() with { Perimeters = [Perimeter] });

        var (status, body) = await google.SendAsync("GET", "compute/v1/projects/prod-apps/global/firewalls");

        Assert.Equal((403, "forbidden"), (status, body["error"]!["errors"]![0]!["reason"]!.GetValue<string>()));
        Assert.Equal("SECURITY_POLICY_VIOLATED", body["error"]!["details"]![1]!["reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task Order_OfItsReason_LooksAsIfAPerimeterWereRaised()
    {
        await using var google = await GoogleFixture.StartAsync();
        google.Order(new FaultSpec { Match = new CallMatch("container", "clusters.list"), Reason = "SECURITY_POLICY_VIOLATED" });

        var (status, body) = await google.SendAsync("GET", Clusters);

        Assert.Equal((403, "VPC_SERVICE_CONTROLS"), (status, body["error"]!["details"]![0]!["violations"]![0]!["type"]!.GetValue<string>()));
    }
}
