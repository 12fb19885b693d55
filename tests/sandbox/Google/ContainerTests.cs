using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Sandbox.Google;

public sealed class ContainerTests
{
    private const string Region = "container/v1/projects/prod-apps/locations/us-central1";
    private const string Cluster = $"{Region}/clusters/mesh-a";

    [Fact]
    public async Task SetResourceLabels_ReplacesTheMapAndTheFingerprint()
    {
        await using var google = await GoogleFixture.StartAsync();
        var before = await google.OkAsync("GET", Cluster);

        await google.FinishedAsync(Region, await google.OkAsync("POST", $"{Cluster}:setResourceLabels", new JsonObject
        {
            ["resource_labels"] = new JsonObject { ["mesh_id"] = "proj-210987654321" },
            ["label_fingerprint"] = before["labelFingerprint"]!.DeepClone(),
        }));

        var after = await google.OkAsync("GET", Cluster);
        Assert.Equal("""{"mesh_id":"proj-210987654321"}""", after["resourceLabels"]!.ToJsonString());
        Assert.NotEqual(before["labelFingerprint"]!.GetValue<string>(), after["labelFingerprint"]!.GetValue<string>());
        Assert.NotEqual(before["etag"]!.GetValue<string>(), after["etag"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("""{"update":{}}""", 400)]
    [InlineData("""{"update":{"desiredLoggingService":"none","desiredWorkloadIdentityConfig":{"workloadPool":""}}}""", 400)]
    [InlineData("""{"update":{"desiredWorkloadIdentityConfig":{"workloadPool":"other.svc.id.goog"}}}""", 400)]
    [InlineData("""{"update":{"desiredNonsense":1}}""", 400)]
    [InlineData("""{"update":{"desiredNodePoolId":"default-pool"}}""", 501)]
    public async Task Update_WhatCannotBe_IsRefused(string update, int expected)
    {
        await using var google = await GoogleFixture.StartAsync();

        var (status, _) = await google.SendAsync("PUT", Cluster, JsonNode.Parse(update));

        Assert.Equal(expected, status);
    }

    [Fact]
    public async Task WorkloadIdentity_GoesOnAndOff_ButNotUnderNodePoolsThatUseIt()
    {
        await using var google = await GoogleFixture.StartAsync();
        const string Europe = "container/v1/projects/prod-apps/locations/europe-west1";
        var on = JsonNode.Parse("""{"update":{"desiredWorkloadIdentityConfig":{"workloadPool":"prod-apps.svc.id.goog"}}}""");
        var off = JsonNode.Parse("""{"update":{"desiredWorkloadIdentityConfig":{"workloadPool":""}}}""");
        var uses = JsonNode.Parse("""{"workloadMetadataConfig":{"mode":"GKE_METADATA"}}""");
        var before = await google.OkAsync("GET", $"{Europe}/clusters/plain");

        await google.FinishedAsync(Europe, await google.OkAsync("PUT", $"{Europe}/clusters/plain", on));
        await google.FinishedAsync(Europe, await google.OkAsync("PUT", $"{Europe}/clusters/plain/nodePools/default-pool", uses));
        var refused = await google.SendAsync("PUT", $"{Europe}/clusters/plain", off);
        uses!["workloadMetadataConfig"]!["mode"] = "GCE_METADATA";
        await google.FinishedAsync(Europe, await google.OkAsync("PUT", $"{Europe}/clusters/plain/nodePools/default-pool", uses));
        await google.FinishedAsync(Europe, await google.OkAsync("PUT", $"{Europe}/clusters/plain", off));

        Assert.Null(before["workloadIdentityConfig"]);
        Assert.Equal("FAILED_PRECONDITION", refused.Body["error"]!["status"]!.GetValue<string>());
        Assert.Equal(before["etag"]!.GetValue<string>(), (await google.OkAsync("GET", $"{Europe}/clusters/plain"))["etag"]!.GetValue<string>());
    }

    [Fact]
    public async Task Fleet_ByUpdateOfTheCluster_MakesAndRemovesTheMembership()
    {
        await using var google = await GoogleFixture.StartAsync();
        const string Membership = "gkehub/v1/projects/prod-fleet/locations/us-central1/memberships/mesh-a";

        await google.FinishedAsync(Region, await google.OkAsync("PUT", Cluster, Sample.Of("gke-fleet").Request));
        var membership = await google.OkAsync("GET", Membership);
        var cluster = await google.OkAsync("GET", Cluster);
        await google.FinishedAsync(Region, await google.OkAsync("PUT", Cluster, JsonNode.Parse("""{"update":{"desiredFleet":{"project":""}}}""")));

        Assert.Equal("prod-fleet.svc.id.goog", membership["authority"]!["workloadIdentityPool"]!.GetValue<string>());
        Assert.Equal("//gkehub.googleapis.com/projects/210987654321/locations/us-central1/memberships/mesh-a", cluster["fleet"]!["membership"]!.GetValue<string>());
        Assert.Equal(404, (await google.SendAsync("GET", Membership)).Status);
    }

    [Fact]
    public async Task List_WithALocationThatDoesNotAnswer_NamesItAndLeavesItOut()
    {
        await using var google = await GoogleFixture.StartAsync();

        var list = await google.OkAsync("GET", "container/v1/projects/prod-apps/locations/-/clusters");

        Assert.Equal("""["us-east1-b"]""", list["missingZones"]!.ToJsonString());
        Assert.DoesNotContain((JsonArray)list["clusters"]!, cluster => cluster!["name"]!.GetValue<string>() == "far");
    }

    [Fact]
    public async Task Autopilot_WorkloadIdentityIsNotChanged()
    {
        await using var google = await GoogleFixture.StartAsync(World.Fleet);
        var clusters = (JsonArray)(await google.OkAsync("GET", "container/v1/projects/fleet-shop/locations/-/clusters"))["clusters"]!;
        var autopilot = clusters.Single(cluster => cluster!["autopilot"]!["enabled"] is not null)!;

        var (status, _) = await google.SendAsync(
            "PUT",
            $"container/v1/projects/fleet-shop/locations/{autopilot["location"]}/clusters/{autopilot["name"]}",
            JsonNode.Parse("""{"update":{"desiredWorkloadIdentityConfig":{"workloadPool":""}}}"""));

        Assert.Equal(400, status);
    }
}
