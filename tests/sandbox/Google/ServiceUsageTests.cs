using System.Text.Json.Nodes;

namespace MeshWorkflow.Tests.Sandbox.Google;

public sealed class ServiceUsageTests
{
    private const string Services = "serviceusage/v1/projects/prod-apps/services";

    [Fact]
    public async Task Disable_WhatWasUsed_IsRefusedIfAsked()
    {
        await using var google = await GoogleFixture.StartAsync();
        await google.OkAsync("GET", "container/v1/projects/prod-apps/locations/-/clusters");

        var checked_ = await google.SendAsync("POST", $"{Services}/container.googleapis.com:disable", JsonNode.Parse("""{"checkIfServiceHasUsage":"CHECK"}"""));
        var done = await google.DoneAsync("serviceusage", await google.OkAsync("POST", $"{Services}/container.googleapis.com:disable", new JsonObject()));

        Assert.Equal("COMMON_SU_SERVICE_HAS_USAGE", checked_.Body["error"]!["details"]![1]!["reason"]!.GetValue<string>());
        Assert.Equal("DISABLED", done["response"]!["service"]!["state"]!.GetValue<string>());
    }

    [Fact]
    public async Task Enable_WithoutBilling_FailsInTheOperation()
    {
        var world = SampleWorld.Make();
        await using var google = await GoogleFixture.StartAsync(world with { Projects = [.. world.Projects.Select(project => project with { Billing = false })] });

        var done = await google.DoneAsync("serviceusage", await google.OkAsync("POST", $"{Services}/mesh.googleapis.com:enable", new JsonObject()));

        Assert.Equal(9, done["error"]!["code"]!.GetValue<int>());
        Assert.Equal("serviceusage/billing-enabled", done["error"]!["details"]![0]!["violations"]![0]!["type"]!.GetValue<string>());
        Assert.Equal("DISABLED", (await google.OkAsync("GET", $"{Services}/mesh.googleapis.com"))["state"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("POST", "serviceusage/v1/projects/prod-apps/services/no-such.googleapis.com:enable", "{}", 403)]
    [InlineData("POST", "serviceusage/v1/projects/prod-apps/services:batchEnable", """{"serviceIds":[]}""", 400)]
    [InlineData("GET", "serviceusage/v1/projects/prod-apps/services:batchGet?names=projects/prod-fleet/services/mesh.googleapis.com", "", 400)]
    [InlineData("GET", "serviceusage/v1/projects/prod-apps/services?filter=state:BROKEN", "", 400)]
    [InlineData("GET", "serviceusage/v1/operations/noop.DONE_OPERATION", "", 404)]
    public async Task Call_ThatCannotBe_IsRefused(string method, string path, string body, int expected)
    {
        await using var google = await GoogleFixture.StartAsync();

        var (status, _) = await google.SendAsync(method, path, body.Length > 0 ? JsonNode.Parse(body) : null);

        Assert.Equal(expected, status);
    }

    [Fact]
    public async Task GenerateServiceIdentity_TellsTheAgent()
    {
        await using var google = await GoogleFixture.StartAsync();

        var done = await google.DoneAsync(
            "serviceusage",
            await google.OkAsync("POST", "serviceusage/v1beta1/projects/prod-fleet/services/mesh.googleapis.com:generateServiceIdentity"));

        Assert.Equal("service-210987654321@gcp-sa-servicemesh.iam.gserviceaccount.com", done["response"]!["email"]!.GetValue<string>());
    }
}
