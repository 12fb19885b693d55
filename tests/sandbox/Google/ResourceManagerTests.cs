using System.Text.Json.Nodes;

namespace MeshWorkflow.Tests.Sandbox.Google;

public sealed class ResourceManagerTests
{
    private const string Project = "cloudresourcemanager/v1/projects/prod-apps";
    private static readonly JsonObject AskVersion3 = (JsonObject)JsonNode.Parse("""{"options":{"requestedPolicyVersion":3}}""")!;

    [Fact]
    public async Task Get_MissingOrInvisible_IsTheSame403()
    {
        await using var google = await GoogleFixture.StartAsync();

        var missing = await google.SendAsync("GET", "cloudresourcemanager/v1/projects/no-such-project");
        var invisible = await google.SendAsync("GET", Project, principal: "user:nobody@example.com");

        Assert.Equal(403, missing.Status);
        Assert.Equal("""{"error":{"code":403,"message":"The caller does not have permission","status":"PERMISSION_DENIED"}}""", missing.Body.ToJsonString());
        Assert.Equal(missing.Body.ToJsonString(), invisible.Body.ToJsonString());
    }

    [Fact]
    public async Task SetIamPolicy_FreshEtag_KeepsConditionsAndChangesEtag()
    {
        await using var google = await GoogleFixture.StartAsync();
        var policy = await google.OkAsync("POST", $"{Project}:getIamPolicy", AskVersion3);
        var etag = policy["etag"]!.GetValue<string>();
        (policy["bindings"] as JsonArray)!.Add(JsonNode.Parse($$"""{"role":"roles/meshconfig.admin","members":["{{SampleWorld.Installer}}"]}"""));

        var written = await google.OkAsync("POST", $"{Project}:setIamPolicy", new JsonObject { ["policy"] = policy.DeepClone() });

        Assert.NotEqual(etag, written["etag"]!.GetValue<string>());
        Assert.Equal(3, written["version"]!.GetValue<int>());
        Assert.True(JsonNode.DeepEquals(policy["bindings"], written["bindings"]));
    }

    [Fact]
    public async Task SetIamPolicy_StaleEtag_IsAborted()
    {
        await using var google = await GoogleFixture.StartAsync();
        var policy = await google.OkAsync("POST", $"{Project}:getIamPolicy", AskVersion3);
        await google.OkAsync("POST", $"{Project}:setIamPolicy", new JsonObject { ["policy"] = policy.DeepClone() });

        var (status, body) = await google.SendAsync("POST", $"{Project}:setIamPolicy", new JsonObject { ["policy"] = policy.DeepClone() });

        Assert.Equal((409, "ABORTED"), (status, body["error"]!["status"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("""{"version":2,"bindings":[]}""")]
    [InlineData("""{"version":1,"bindings":[{"role":"roles/owner","members":["user:a@example.com"],"condition":{"title":"t","expression":"true"}}]}""")]
    [InlineData("""{"bindings":[{"role":"roles/container.amdin","members":["user:a@example.com"]}]}""")]
    [InlineData("""{"bindings":[{"role":"roles/owner","members":["serviceAccount:gone@prod-apps.iam.gserviceaccount.com"]}]}""")]
    [InlineData("""{"bindings":[{"role":"roles/owner","members":["ann@example.com"]}]}""")]
    public async Task SetIamPolicy_WhatCannotBe_IsInvalid(string policy)
    {
        await using var google = await GoogleFixture.StartAsync();

        var (status, body) = await google.SendAsync("POST", $"{Project}:setIamPolicy", new JsonObject { ["policy"] = JsonNode.Parse(policy) });

        Assert.Equal((400, "INVALID_ARGUMENT"), (status, body["error"]!["status"]!.GetValue<string>()));
    }

    [Fact]
    public async Task GetIamPolicy_WithoutVersion3_HidesConditions()
    {
        await using var google = await GoogleFixture.StartAsync();

        var policy = await google.OkAsync("POST", $"{Project}:getIamPolicy", new JsonObject());

        Assert.Equal(1, policy["version"]!.GetValue<int>());
        Assert.Contains((policy["bindings"] as JsonArray)!, binding => binding!["role"]!.GetValue<string>().StartsWith("roles/container.admin_withcond_", StringComparison.Ordinal));
        Assert.DoesNotContain((policy["bindings"] as JsonArray)!, binding => binding!["condition"] is not null);
    }

    [Fact]
    public async Task TestIamPermissions_AnswersOnlyTheGranted()
    {
        await using var google = await GoogleFixture.StartAsync();
        var asked = JsonNode.Parse("""{"permissions":["container.clusters.update","resourcemanager.projects.setIamPolicy"]}""");

        var night = await google.OkAsync("POST", $"{Project}:testIamPermissions", asked, "user:night@example.com");
        var nobody = await google.OkAsync("POST", $"{Project}:testIamPermissions", asked, "user:nobody@example.com");

        Assert.Equal("""{"permissions":["container.clusters.update"]}""", night.ToJsonString());
        Assert.Equal("{}", nobody.ToJsonString());
    }
}
