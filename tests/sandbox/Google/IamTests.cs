using System.Text.Json.Nodes;

namespace MeshWorkflow.Tests.Sandbox.Google;

public sealed class IamTests
{
    private const string Account = "asm-installer@prod-apps.iam.gserviceaccount.com";
    private const string Ann = "user:ann@example.com";

    [Fact]
    public async Task GenerateAccessToken_NeedsTheRoleOnTheAccount_AndItsTokenIsTheAccounts()
    {
        await using var google = await GoogleFixture.StartAsync();
        var wanted = JsonNode.Parse("""{"scope":["https://www.googleapis.com/auth/cloud-platform"],"lifetime":"600s"}""");
        const string Path = $"iamcredentials/v1/projects/-/serviceAccounts/{Account}:generateAccessToken";
        var binding = JsonNode.Parse($$$"""{"policy":{"bindings":[{"role":"roles/iam.serviceAccountTokenCreator","members":["{{{Ann}}}"]}]}}""");

        var before = await google.SendAsync("POST", Path, wanted, Ann);
        await google.OkAsync("POST", $"iam/v1/projects/-/serviceAccounts/{Account}:setIamPolicy", binding);
        var token = await google.OkAsync("POST", Path, wanted, Ann);
        var asAccount = await google.SendAsync("GET", "cloudresourcemanager/v1/projects/prod-apps", principal: "", change: request =>
            request.Headers.Authorization = new("Bearer", token["accessToken"]!.GetValue<string>()));

        Assert.Equal(403, before.Status);
        Assert.Equal(403, asAccount.Status);
        Assert.Contains(google.Host.Journal(), entry => entry.Method == "projects.get" && entry.Principal == SampleWorld.Installer);
    }

    [Fact]
    public async Task ServiceAccounts_AreMadeFoundAndDeleted()
    {
        await using var google = await GoogleFixture.StartAsync();
        const string Accounts = "iam/v1/projects/prod-apps/serviceAccounts";

        var made = await google.OkAsync("POST", Accounts, JsonNode.Parse("""{"accountId":"mesh-two","serviceAccount":{"displayName":"two"}}"""));
        var again = await google.SendAsync("POST", Accounts, JsonNode.Parse("""{"accountId":"mesh-two"}"""));
        var found = await google.OkAsync("GET", $"iam/v1/projects/-/serviceAccounts/{made["uniqueId"]}");
        await google.OkAsync("DELETE", $"{Accounts}/{made["email"]}");

        Assert.Equal(409, again.Status);
        Assert.Equal(made["email"]!.GetValue<string>(), found["email"]!.GetValue<string>());
        Assert.Equal(404, (await google.SendAsync("GET", $"{Accounts}/{made["email"]}")).Status);
    }

    [Fact]
    public async Task MeshConfig_Initialize_ReplacesTheListOfPools()
    {
        await using var google = await GoogleFixture.StartAsync();
        const string Path = "meshconfig/v1alpha1/projects/prod-fleet:initialize";

        await google.OkAsync("POST", Path, JsonNode.Parse("""{"workloadIdentityPools":["prod-fleet.hub.id.goog","prod-fleet.svc.id.goog"]}"""));
        await google.OkAsync("POST", Path, JsonNode.Parse("""{"workloadIdentityPools":["prod-fleet.svc.id.goog"]}"""));
        var wrong = await google.SendAsync("POST", Path, JsonNode.Parse("""{"workloadIdentityPools":["prod-fleet"]}"""));

        Assert.Equal(400, wrong.Status);
        Assert.Equal(
            """{"workloadIdentityPools":["prod-fleet.svc.id.goog"]}""",
            google.Host.Snapshot().Resources["//meshconfig.googleapis.com/projects/prod-fleet"].ToJsonString());
    }
}
