using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes;

public sealed class AccessTests
{
    [Fact]
    public async Task Call_WithoutOrWithAWrongToken_IsRefused()
    {
        await using var cluster = await ClusterUnderTest.StartAsync();
        using var nobody = cluster.Client(null);
        using var liar = cluster.Client("nonsense");

        var anonymous = await nobody.GetAsync("/api/v1/pods");
        var wrong = await liar.GetAsync("/api/v1/pods");

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized), (anonymous.StatusCode, wrong.StatusCode));
        Assert.Contains("system:anonymous", await anonymous.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("\"message\":\"Unauthorized\"", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("ok", await nobody.GetStringAsync("/readyz"));
    }

    [Fact]
    public async Task ServiceAccount_ByItsToken_MayWhatItsRolesSay()
    {
        await using var cluster = await ClusterUnderTest.StartAsync();
        var request = await cluster.DoAsync("POST", "/api/v1/namespaces/default/serviceaccounts/default/token", """{"spec":{}}""");
        using var account = cluster.Client(request["status"]!["token"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Forbidden, (await account.GetAsync("/api/v1/namespaces/default/pods")).StatusCode);

        await cluster.DoAsync("POST", "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings", """
            {"metadata":{"name":"b"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"view"},
             "subjects":[{"kind":"ServiceAccount","name":"default","namespace":"default"}]}
            """);

        Assert.Equal(HttpStatusCode.OK, (await account.GetAsync("/api/v1/namespaces/default/pods")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await account.GetAsync("/api/v1/namespaces/default/secrets")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await account.GetAsync("/api/v1/namespaces/kube-system/pods")).StatusCode);
    }

    [Fact]
    public async Task GooglePrincipal_MayWhatGooglesRolesAllow()
    {
        var asked = new List<string>();
        await using var cluster = await ClusterUnderTest.StartAsync(found => found.UseGoogleAccess((principal, permission) =>
        {
            asked.Add($"{principal} {permission}");
            return permission == "container.namespaces.list";
        }));

        await cluster.DoAsync("GET", "/api/v1/namespaces");
        var (status, body) = await cluster.SendAsync("DELETE", "/apis/apps/v1/namespaces/default/deployments/web");

        Assert.Equal(403, status);
        Assert.Contains("requires one of [\"container.deployments.delete\"] permission(s).", body["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("user:ann@example.com container.namespaces.list", asked);
    }

    [Fact]
    public async Task ClientCertificate_OfTheClustersAuthority_NamesUserAndGroups()
    {
        await using var cluster = await ClusterUnderTest.StartAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = cluster.Issue("CN=root, O=system:masters", key);
        using var client = cluster.Client(null, certificate);

        var review = await client.PostAsync(
            "/apis/authentication.k8s.io/v1/selfsubjectreviews", new StringContent("{}", Encoding.UTF8, "application/json"));
        var user = JsonNode.Parse(await review.Content.ReadAsStringAsync())!["status"]!["userInfo"]!;

        Assert.Equal("root", user["username"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/secrets")).StatusCode);
    }

    [Fact]
    public async Task Journal_OfASecret_HasNoneOfIt()
    {
        await using var cluster = await ClusterUnderTest.StartAsync();

        await cluster.DoAsync("POST", "/api/v1/namespaces/default/secrets", """{"metadata":{"name":"s"},"stringData":{"key":"hidden-thing"}}""");

        var entry = cluster.Journal.After(0)[^1];
        Assert.Equal("create secrets", entry.Method);
        Assert.DoesNotContain("hidden-thing", entry.Body!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(
            ["created //container.googleapis.com/projects/p/locations/l/clusters/c/k8s/namespaces/default/secrets/s"], entry.Effects);
    }
}
