using System.Text.Json.Nodes;

namespace MeshWorkflow.Tests.Sandbox.Google;

/// <summary>The real gcloud works against the sandbox. Where there is none these tests are skipped.</summary>
public sealed class GcloudTests
{
    [Fact]
    public async Task Clusters_AreListedAndDescribed()
    {
        await using var google = await StartAsync();

        var list = await google.JsonAsync("container clusters list");
        var one = await google.JsonAsync("container clusters describe mesh-a --location us-central1");

        Assert.Equal(["mesh-a", "plain"], ((JsonArray)list).Select(cluster => cluster!["name"]!.GetValue<string>()).Order(StringComparer.Ordinal));
        Assert.Equal("172.16.0.0/28", one["privateClusterConfig"]!["masterIpv4CidrBlock"]!.GetValue<string>());
    }

    [Fact]
    public async Task ClusterLabels_AreUpdated()
    {
        await using var google = await StartAsync();

        await google.RunAsync("container clusters update mesh-a --location us-central1 --update-labels env=prod,mesh_id=proj-210987654321");
        var one = await google.JsonAsync("container clusters describe mesh-a --location us-central1");

        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse("""{"env":"prod","mesh_id":"proj-210987654321"}"""), one["resourceLabels"]),
            one["resourceLabels"]?.ToJsonString());
    }

    [Fact]
    public async Task Memberships_AreListedDescribedAndDeleted()
    {
        await using var google = await StartAsync();
        var sample = Sample.Of("hub-create");
        await google.Sandbox.DoneAsync("gkehub", await google.Sandbox.OkAsync(sample.Method, sample.Path, sample.Request));

        var list = await google.JsonAsync("container fleet memberships list --project prod-fleet");
        var one = await google.JsonAsync("container fleet memberships describe mesh-a --location us-central1 --project prod-fleet");
        await google.RunAsync("container fleet memberships delete mesh-a --location us-central1 --project prod-fleet --quiet");

        Assert.Single((JsonArray)list);
        Assert.Equal("READY", one["state"]!["code"]!.GetValue<string>());
        Assert.Empty((JsonArray)await google.JsonAsync("container fleet memberships list --project prod-fleet"));
    }

    [Fact]
    public async Task Services_AreListedAndEnabled()
    {
        await using var google = await StartAsync();

        await google.RunAsync("services enable mesh.googleapis.com");
        var list = await google.JsonAsync("services list --enabled");

        Assert.Contains("mesh.googleapis.com", ((JsonArray)list).Select(service => service!["config"]!["name"]!.GetValue<string>()));
    }

    [Fact]
    public async Task ProjectPolicies_AreReadAndBound()
    {
        await using var google = await StartAsync();

        await google.RunAsync($"projects add-iam-policy-binding prod-apps --member {SampleWorld.Installer} --role roles/meshconfig.admin --condition None");
        var policy = await google.JsonAsync("projects get-iam-policy prod-apps");

        Assert.Contains((JsonArray)policy["bindings"]!, binding => binding!["role"]!.GetValue<string>() == "roles/meshconfig.admin");
        Assert.Contains((JsonArray)policy["bindings"]!, binding => binding!["condition"] is not null);
    }

    [Fact]
    public async Task FirewallRules_AreMadeListedAndDeleted()
    {
        await using var google = await StartAsync();

        await google.RunAsync("compute firewall-rules create webhook --project prod-net --network vpc-prod --allow tcp:15017 --source-ranges 172.16.0.0/28");
        var list = await google.JsonAsync("compute firewall-rules list --project prod-net --filter name=webhook");
        await google.RunAsync("compute firewall-rules delete webhook --project prod-net --quiet");

        Assert.Equal("15017", Assert.Single((JsonArray)list)!["allowed"]![0]!["ports"]![0]!.GetValue<string>());
        Assert.Empty((JsonArray)await google.JsonAsync("compute firewall-rules list --project prod-net --filter name=webhook"));
    }

    [Fact]
    public async Task CaPools_AreListed()
    {
        await using var google = await StartAsync();

        var list = await google.JsonAsync("privateca pools list");

        Assert.EndsWith("/caPools/mesh-pool", Assert.Single((JsonArray)list)!["name"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CredentialsFile_OfTheSandbox_IsAccepted()
    {
        await using var google = await StartAsync();
        google.CredentialsFile = google.Sandbox.Host.Addresses.CredentialsFile;
        var policy = JsonNode.Parse($$"""{"bindings":[{"role":"roles/owner","members":["user:owner@example.com","{{SampleWorld.Installer}}"]}]}""");
        await google.Sandbox.OkAsync("POST", "cloudresourcemanager/v1/projects/prod-apps:setIamPolicy", new JsonObject { ["policy"] = policy });

        var list = await google.JsonAsync("privateca pools list");

        Assert.Single((JsonArray)list);
        Assert.Contains(google.Sandbox.Host.Journal(), entry => entry.Method == "caPools.list" && entry.Principal == SampleWorld.Installer);
    }

    private static Task<Gcloud> StartAsync() => Gcloud.StartAsync();
}
