using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Traffic;
using Microsoft.Extensions.Time.Testing;

namespace MeshWorkflow.Tests.Sandbox.Google;

/// <summary>What every call must pass, and how each API refuses.</summary>
public sealed class AccessTests
{
    private const string Nobody = "user:nobody@example.com";

    public static TheoryData<string, string, string, string> Refusals() => new()
    {
        { "GET", "gkehub/v1/projects/prod-fleet/locations/-/memberships", "Permission 'gkehub.memberships.list' denied on 'projects/prod-fleet/locations/-/memberships'", "IAM_PERMISSION_DENIED" },
        { "GET", "container/v1/projects/prod-apps/locations/us-central1/clusters/mesh-a", "Required \"container.clusters.get\" permission(s) for \"projects/prod-apps/locations/us-central1/clusters/mesh-a\".", "" },
        { "GET", "container/v1/projects/prod-apps/locations/-/clusters", "Required \"container.clusters.list\" permission(s) for \"projects/prod-apps\".", "" },
        { "GET", "serviceusage/v1/projects/prod-apps/services/mesh.googleapis.com", "Permission denied to get service [mesh.googleapis.com]", "AUTH_PERMISSION_DENIED" },
        { "GET", "privateca/v1/projects/prod-apps/locations/us-central1/caPools/mesh-pool", "Permission 'privateca.caPools.get' denied on 'projects/prod-apps/locations/us-central1/caPools/mesh-pool'", "IAM_PERMISSION_DENIED" },
        { "GET", "iam/v1/projects/-/serviceAccounts/asm-installer@prod-apps.iam.gserviceaccount.com", "Permission 'iam.serviceAccounts.get' denied on resource (or it may not exist).", "IAM_PERMISSION_DENIED" },
        { "GET", "compute/v1/projects/prod-net/global/firewalls/x", "Required 'compute.firewalls.get' permission for 'projects/prod-net/global/firewalls/x'", "forbidden" },
        { "POST", "meshconfig/v1alpha1/projects/prod-fleet:initialize", "Permission 'meshconfig.projects.init' denied on 'projects/prod-fleet'", "IAM_PERMISSION_DENIED" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Call_WithoutPermission_Is403InTheApisOwnWords(string method, string path, string message, string reason)
    {
        await using var google = await GoogleFixture.StartAsync();

        var (status, body) = await google.SendAsync(method, path, method == "POST" ? new JsonObject() : null, Nobody);

        Assert.Equal((403, message), (status, body["error"]!["message"]!.GetValue<string>()));
        Assert.Contains(reason, body.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_WithoutToken_Is401()
    {
        await using var google = await GoogleFixture.StartAsync();

        var (status, body) = await google.SendAsync("GET", "gkehub/v1/projects/prod-fleet/locations/-/memberships", principal: "");

        Assert.Equal((401, "UNAUTHENTICATED"), (status, body["error"]!["status"]!.GetValue<string>()));
    }

    [Fact]
    public async Task FreshRole_IsInForceAfterAWhile_AndGoesAtOnce()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        await using var google = await GoogleFixture.StartAsync(time: time, granting: TimeSpan.FromMinutes(2));
        await BindAsync(google, "roles/gkehub.viewer", add: true);

        var before = await ListAsync(google);
        time.Advance(TimeSpan.FromMinutes(2));
        var after = await ListAsync(google);
        await BindAsync(google, "roles/gkehub.viewer", add: false);

        Assert.Equal((403, 200, 403), (before, after, await ListAsync(google)));
    }

    [Fact]
    public async Task FreshApi_IsServedAfterAWhile()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        await using var google = await GoogleFixture.StartAsync(SampleWorld.Make() with { Projects = [.. SampleWorld.Make().Projects.Select(project => project with { Services = ["serviceusage"] })] }, time, enabling: TimeSpan.FromMinutes(3));
        var operation = await google.OkAsync("POST", "serviceusage/v1/projects/prod-fleet/services/gkehub.googleapis.com:enable", new JsonObject());
        time.Advance(TimeSpan.FromSeconds(1));
        await google.DoneAsync("serviceusage", operation);

        var (before, body) = await google.SendAsync("GET", "gkehub/v1/projects/prod-fleet/locations/-/memberships");
        time.Advance(TimeSpan.FromMinutes(3));
        var (after, _) = await google.SendAsync("GET", "gkehub/v1/projects/prod-fleet/locations/-/memberships");

        Assert.Equal((403, 200), (before, after));
        Assert.Equal("SERVICE_DISABLED", body["error"]!["details"]![0]!["reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task Enable_MakesTheServiceAgent_WhichCanThenBeBound()
    {
        await using var google = await GoogleFixture.StartAsync();
        var agent = "serviceAccount:service-210987654321@gcp-sa-servicemesh.iam.gserviceaccount.com";
        var world = SampleWorld.Make();
        await using var bare = await GoogleFixture.StartAsync(world with { Projects = [.. world.Projects.Select(project => project with { Services = ["serviceusage", "cloudresourcemanager"] })] });

        var before = await bare.SendAsync("POST", "cloudresourcemanager/v1/projects/prod-apps:setIamPolicy", Binding(agent));
        await bare.DoneAsync("serviceusage", await bare.OkAsync("POST", "serviceusage/v1/projects/prod-fleet/services:batchEnable", JsonNode.Parse("""{"serviceIds":["meshconfig.googleapis.com","meshca.googleapis.com"]}""")));
        var own = await bare.OkAsync("POST", "cloudresourcemanager/v1/projects/prod-fleet:getIamPolicy", new JsonObject());
        var after = await bare.SendAsync("POST", "cloudresourcemanager/v1/projects/prod-apps:setIamPolicy", Binding(agent));

        Assert.Equal((400, 200), (before.Status, after.Status));
        Assert.Contains(agent, own.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("group:prod-fleet.svc.id.goog:/allAuthenticatedUsers/")]
    [InlineData("serviceAccount:prod-fleet.svc.id.goog[shop/cart]")]
    public async Task SetPolicy_WorkloadsOfAnUnknownPool_AreRefusedUntilTheFleetHasAMember(string member)
    {
        const string Policy = "privateca/v1/projects/prod-apps/locations/us-central1/caPools/mesh-pool:setIamPolicy";
        const string Membership = "gkehub/v1/projects/prod-fleet/locations/us-central1/memberships";
        await using var google = await GoogleFixture.StartAsync();
        var body = new JsonObject
        {
            ["policy"] = new JsonObject { ["bindings"] = new JsonArray(new JsonObject { ["role"] = "roles/privateca.auditor", ["members"] = new JsonArray(member) }) },
        };

        var (before, refused) = await google.SendAsync("POST", Policy, body.DeepClone());
        await google.DoneAsync("gkehub", await google.OkAsync("POST", $"{Membership}?membershipId=mesh-a", JsonNode.Parse("""
            {
              "endpoint": { "gkeCluster": { "resourceLink": "//container.googleapis.com/projects/prod-apps/locations/us-central1/clusters/mesh-a" } },
              "authority": { "issuer": "https://container.googleapis.com/v1/projects/prod-apps/locations/us-central1/clusters/mesh-a" }
            }
            """)));
        var (with, _) = await google.SendAsync("POST", Policy, body.DeepClone());
        await google.DoneAsync("gkehub", await google.OkAsync("DELETE", $"{Membership}/mesh-a"));
        var (after, _) = await google.SendAsync("POST", Policy, body.DeepClone());

        Assert.Equal((400, 200), (before, with));
        Assert.StartsWith("Identity Pool does not exist (prod-fleet.svc.id.goog).", refused["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(200, after);
    }

    [Fact]
    public async Task QuotaProject_WithoutTheRight_IsDenied()
    {
        await using var google = await GoogleFixture.StartAsync();

        var (status, body) = await google.SendAsync(
            "GET", "gkehub/v1/projects/prod-fleet/locations/-/memberships", change: request => request.Headers.Add("X-Goog-User-Project", "elsewhere"));

        Assert.Equal(403, status);
        Assert.Equal("USER_PROJECT_DENIED", body["error"]!["details"]![0]!["reason"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("gkehub/v1/projects/prod-fleet/locations/-/memberships?pagesize=1&color=red")]
    [InlineData("gkehub/v1/projects/prod-fleet/locations/-/memberships?pageSize=-1")]
    [InlineData("gkehub/v1/projects/prod-fleet/locations/-/memberships?pageToken=nonsense")]
    [InlineData("gkehub/v1/projects/prod-fleet/locations/-/memberships?filter=((a")]
    [InlineData("gkehub/v1/projects/prod-fleet/locations/-/memberships?$alt=json;enum-encoding=int&alt=xml")]
    public async Task Query_ThatIsNone_IsInvalid(string path)
    {
        await using var google = await GoogleFixture.StartAsync();

        var (status, body) = await google.SendAsync("GET", path);

        Assert.Equal((400, "INVALID_ARGUMENT"), (status, body["error"]!["status"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[1]")]
    [InlineData("""{"labels":{"a":"b"},"labels":{"a":"c"}}""")]
    [InlineData("""{"labels":[]}""")]
    public async Task Body_ThatIsNone_IsInvalid(string body)
    {
        await using var google = await GoogleFixture.StartAsync();

        var (status, _) = await google.SendAsync("POST", "gkehub/v1/projects/prod-fleet/locations/us-central1/memberships?membershipId=x", change: request =>
            request.Content = new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(400, status);
    }

    [Fact]
    public async Task Body_GzippedAndInSnakeCase_IsRead_AndItsRequestIdRemembered()
    {
        await using var google = await GoogleFixture.StartAsync();
        var path = "gkehub/v1/projects/prod-fleet/locations/us-central1/memberships?membership_id=mesh-a&request_id=0d7c0d2e-7c33-4f83-9d6e-2b3a4c5d6e7f";
        var body = """{"endpoint":{"gke_cluster":{"resource_link":"//container.googleapis.com/projects/prod-apps/locations/us-central1/clusters/mesh-a"}}}""";

        var first = await google.SendAsync("POST", path, change: request => request.Content = Gzip(body));
        var second = await google.SendAsync("POST", path, change: request => request.Content = Gzip(body));
        await google.DoneAsync("gkehub", first.Body);

        Assert.Equal((200, 200), (first.Status, second.Status));
        Assert.Equal(first.Body["name"]!.GetValue<string>(), second.Body["name"]!.GetValue<string>());
        Assert.Single((JsonArray)(await google.OkAsync("GET", "gkehub/v1/projects/prod-fleet/locations/-/memberships"))["resources"]!);
    }

    [Fact]
    public async Task VirtualHost_IsTheSameApi()
    {
        await using var google = await GoogleFixture.StartAsync();

        var (status, _) = await google.SendAsync("GET", "v1/projects/prod-fleet/locations/-/memberships", change: request =>
            request.Headers.Host = $"gkehub.localhost:{google.Address.Port}");

        Assert.Equal(200, status);
    }

    [Fact]
    public async Task OperationEnd_WithAFaultOnOrder_FailsInEachFamilysForm()
    {
        await using var google = await GoogleFixture.StartAsync();
        google.Order(new FaultSpec { Match = new CallMatch(Method: "operation"), Code = "RESOURCE_EXHAUSTED", Message = "Quota exceeded." });

        var hub = await google.DoneAsync("gkehub", await google.OkAsync("POST", Sample.Of("hub-create").Path, Sample.Of("hub-create").Request));
        var gke = await google.FinishedAsync("container/v1/projects/prod-apps/locations/us-central1", await google.OkAsync("PUT", Sample.Of("gke-wi").Path, Sample.Of("gke-wi").Request));
        var compute = await google.FinishedAsync("compute/v1/projects/prod-net/global", await google.OkAsync("POST", Sample.Of("gce-fw-insert").Path, Sample.Of("gce-fw-insert").Request));

        Assert.Equal(8, hub["error"]!["code"]!.GetValue<int>());
        Assert.Equal(("Quota exceeded.", 8), (gke["statusMessage"]!.GetValue<string>(), gke["error"]!["code"]!.GetValue<int>()));
        Assert.Equal((403, "QUOTA_EXCEEDED"), (compute["httpErrorStatusCode"]!.GetValue<int>(), compute["error"]!["errors"]![0]!["code"]!.GetValue<string>()));
        Assert.Equal(404, (await google.SendAsync("GET", Sample.Of("hub-get").Path)).Status);
    }

    [Fact]
    public async Task OperationWait_OfCompute_AnswersWhenItIsDone()
    {
        await using var google = await GoogleFixture.StartAsync();
        var operation = await google.OkAsync("POST", Sample.Of("gce-fw-insert").Path, Sample.Of("gce-fw-insert").Request);

        var done = await google.OkAsync("POST", $"compute/v1/projects/prod-net/global/operations/{operation["name"]}/wait");

        Assert.Equal("DONE", done["status"]!.GetValue<string>());
    }

    private static JsonObject Binding(string member) => new()
    {
        ["policy"] = JsonNode.Parse($$"""{"bindings":[{"role":"roles/owner","members":["user:owner@example.com"]},{"role":"roles/anthosservicemesh.serviceAgent","members":["{{member}}"]}]}"""),
    };

    private static async Task<int> ListAsync(GoogleFixture google) =>
        (await google.SendAsync("GET", "gkehub/v1/projects/prod-fleet/locations/-/memberships", principal: Nobody)).Status;

    private static async Task BindAsync(GoogleFixture google, string role, bool add)
    {
        const string Path = "cloudresourcemanager/v3/projects/prod-fleet";
        var policy = await google.OkAsync("POST", $"{Path}:getIamPolicy", JsonNode.Parse("""{"options":{"requestedPolicyVersion":3}}"""));
        var bindings = (JsonArray)policy["bindings"]!;
        if (add)
        {
            bindings.Add(JsonNode.Parse($$"""{"role":"{{role}}","members":["{{Nobody}}"]}"""));
        }
        else
        {
            bindings.Remove(bindings.First(binding => binding!["role"]!.GetValue<string>() == role));
        }

        await google.OkAsync("POST", $"{Path}:setIamPolicy", new JsonObject { ["policy"] = policy.DeepClone() });
    }

    private static ByteArrayContent Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }
}
