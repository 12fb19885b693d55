using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Sandbox.Google;

public sealed class HubTests
{
    private const string Memberships = "gkehub/v1/projects/prod-fleet/locations/us-central1/memberships";
    private const string Feature = "gkehub/v1/projects/prod-fleet/locations/global/features/servicemesh";

    [Fact]
    public async Task Create_OfAClusterThatIsRegisteredElsewhere_FailsInTheOperation()
    {
        await using var google = await GoogleFixture.StartAsync();
        await RegisterAsync(google, "first");

        var done = await RegisterAsync(google, "second");

        Assert.Equal(6, done["error"]!["code"]!.GetValue<int>());
        Assert.Contains("already registered with resource", done["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(404, (await google.SendAsync("GET", $"{Memberships}/second")).Status);
    }

    [Fact]
    public async Task Issuer_IsChangedByClearingItFirst()
    {
        await using var google = await GoogleFixture.StartAsync();
        await RegisterAsync(google, "mesh-a");
        var other = JsonNode.Parse("""{"authority":{"issuer":"https://other.example.com"}}""");

        var refused = await google.SendAsync("PATCH", $"{Memberships}/mesh-a?updateMask=authority", other);
        await google.DoneAsync("gkehub", await google.OkAsync("PATCH", $"{Memberships}/mesh-a?updateMask=authority", new JsonObject()));
        var cleared = await google.OkAsync("GET", $"{Memberships}/mesh-a");
        await google.DoneAsync("gkehub", await google.OkAsync("PATCH", $"{Memberships}/mesh-a?update_mask=authority.issuer", other));

        Assert.Equal(400, refused.Status);
        Assert.Null(cleared["authority"]);
        Assert.Equal("https://other.example.com", (await google.OkAsync("GET", $"{Memberships}/mesh-a"))["authority"]!["issuer"]!.GetValue<string>());
    }

    [Fact]
    public async Task Delete_Repeated_AnswersTheSameOperation_AndThenNotFound()
    {
        await using var google = await GoogleFixture.StartAsync();
        await RegisterAsync(google, "mesh-a");
        var path = $"{Memberships}/mesh-a?requestId=7f6e5d4c-3b2a-4190-8f7e-6d5c4b3a2910";

        var first = await google.OkAsync("DELETE", path);
        await google.DoneAsync("gkehub", first);
        var again = await google.OkAsync("DELETE", path);

        Assert.Equal(first["name"]!.GetValue<string>(), again["name"]!.GetValue<string>());
        Assert.Equal(404, (await google.SendAsync("DELETE", $"{Memberships}/mesh-a")).Status);
    }

    [Fact]
    public async Task List_IsPagedAndFiltered()
    {
        await using var google = await GoogleFixture.StartAsync();
        await RegisterAsync(google, "mesh-a");
        await RegisterAsync(google, "plain", "europe-west1", "plain");
        const string All = "gkehub/v1/projects/210987654321/locations/-/memberships";

        var first = await google.OkAsync("GET", $"{All}?pageSize=1");
        var second = await google.OkAsync("GET", $"{All}?pageSize=1&pageToken={Uri.EscapeDataString(first["nextPageToken"]!.GetValue<string>())}");
        var none = await google.OkAsync("GET", $"{All}?filter=labels.a%3Db");
        var both = await google.OkAsync("GET", $"{All}?filter=state.code%3DREADY%20AND%20NOT%20name%3A%22nothing%22");

        Assert.Single((JsonArray)second["resources"]!);
        Assert.Null(second["nextPageToken"]);
        Assert.Equal("{}", none.ToJsonString());
        Assert.Equal(2, ((JsonArray)both["resources"]!).Count);
    }

    [Fact]
    public async Task FeatureSpecs_AreMergedByMembership_AndRemovedWhenEmpty()
    {
        await using var google = await GoogleFixture.StartAsync();
        await RegisterAsync(google, "mesh-a");
        await RegisterAsync(google, "plain", "europe-west1", "plain");
        await google.DoneAsync("gkehub", await google.OkAsync("POST", Sample.Of("hub-feature-create").Path, new JsonObject()));

        await PatchAsync(google, "us-central1/memberships/mesh-a", """{"mesh":{"management":"MANAGEMENT_MANUAL"}}""");
        await PatchAsync(google, "europe-west1/memberships/plain", """{"mesh":{"management":"MANAGEMENT_MANUAL"}}""");
        await PatchAsync(google, "us-central1/memberships/mesh-a", "null");
        var unknown = await google.SendAsync("PATCH", $"{Feature}?updateMask=membershipSpecs", Specs("us-central1/memberships/nope", "{}"));
        var kept = await google.SendAsync("DELETE", Feature);

        var feature = await google.OkAsync("GET", Feature);
        Assert.Equal(["projects/210987654321/locations/europe-west1/memberships/plain"], ((JsonObject)feature["membershipSpecs"]!).Select(pair => pair.Key));
        Assert.Equal(2, ((JsonObject)feature["membershipStates"]!).Count);
        Assert.Equal((400, 400), (unknown.Status, kept.Status));
    }

    [Fact]
    public async Task DemoWorld_TheInstallerCanDoTheFirstSteps()
    {
        await using var google = await GoogleFixture.StartAsync(World.Demo);
        const string Installer = "serviceAccount:meshworkflow@demo-fleet.iam.gserviceaccount.com";
        const string Cluster = "container/v1/projects/demo-apps/locations/us-central1/clusters/mesh-a";

        await google.OkAsync("GET", "cloudresourcemanager/v1/projects/demo-fleet", principal: Installer);
        await google.OkAsync("GET", "serviceusage/v1/projects/demo-apps/services:batchGet?names=projects/demo-apps/services/gkehub.googleapis.com", principal: Installer);
        var cluster = await google.OkAsync("GET", Cluster, principal: Installer);
        var operation = await google.OkAsync(
            "POST",
            "gkehub/v1/projects/demo-fleet/locations/us-central1/memberships?membershipId=mesh-a",
            JsonNode.Parse("""{"endpoint":{"gkeCluster":{"resourceLink":"//container.googleapis.com/projects/demo-apps/locations/us-central1/clusters/mesh-a"}}}"""),
            Installer);
        var labels = await google.OkAsync(
            "POST",
            $"{Cluster}:setResourceLabels",
            new JsonObject { ["resourceLabels"] = new JsonObject { ["mesh_id"] = "proj-1" }, ["labelFingerprint"] = cluster["labelFingerprint"]!.DeepClone() },
            Installer);

        Assert.NotNull(operation["name"]);
        Assert.NotNull(labels["name"]);
    }

    private static async Task<JsonObject> RegisterAsync(GoogleFixture google, string id, string location = "us-central1", string cluster = "mesh-a")
    {
        var link = $"//container.googleapis.com/projects/prod-apps/locations/{location}/clusters/{cluster}";
        var body = new JsonObject
        {
            ["endpoint"] = new JsonObject { ["gkeCluster"] = new JsonObject { ["resourceLink"] = link } },
            ["authority"] = new JsonObject { ["issuer"] = $"https://container.googleapis.com/v1/projects/prod-apps/locations/{location}/clusters/{cluster}" },
        };
        return await google.DoneAsync("gkehub", await google.OkAsync("POST", $"gkehub/v1/projects/prod-fleet/locations/{location}/memberships?membershipId={id}", body));
    }

    private static JsonObject Specs(string membership, string spec) =>
        new() { ["membershipSpecs"] = new JsonObject { [$"projects/prod-fleet/locations/{membership}"] = JsonNode.Parse(spec) } };

    private static async Task PatchAsync(GoogleFixture google, string membership, string spec) =>
        await google.DoneAsync("gkehub", await google.OkAsync("PATCH", $"{Feature}?updateMask=membershipSpecs", Specs(membership, spec)));
}
