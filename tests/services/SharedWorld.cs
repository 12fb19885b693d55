using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Services;

/// <summary>A fleet, a project of clusters and a project of networks: what the steps on shared resources work on. Few roles, few APIs.</summary>
public static class SharedWorld
{
    public const string Fleet = "prod-fleet";
    public const string Apps = "prod-apps";
    public const string Net = "prod-net";
    public const string Installer = "serviceAccount:installer@prod-fleet.iam.gserviceaccount.com";
    public const string Owner = "user:owner@example.com";

    /// <summary>The roles that the installer has on every project: enough to look, and on the policies to write.</summary>
    public static IReadOnlyList<string> Looking { get; } =
        ["roles/container.clusterViewer", "roles/gkehub.viewer", "roles/serviceusage.serviceUsageViewer", "roles/compute.networkViewer"];

    public static World Make(IReadOnlyList<string> roles, params WorldCluster[] clusters) => new()
    {
        Projects =
        [
            Project(Fleet, 210987654321, roles) with { ServiceAccounts = [new WorldServiceAccount("installer")] },
            Project(Apps, 123456789012, roles),
            Project(Net, 345678901234, roles) with { Networks = [new WorldNetwork("vpc-prod")] },
        ],
        Clusters = clusters.Length > 0 ? clusters : [Cluster("mesh-a")],
        ServiceAccount = Installer["serviceAccount:".Length..],
    };

    public static WorldCluster Cluster(string name) => new(Apps, "us-central1", name, "vpc-prod") { NetworkProject = Net };

    /// <summary>Somebody with a browser changes the world.</summary>
    public static async Task<JsonNode?> AsOwnerAsync(this ServiceUnderTest service, HttpMethod method, string path, JsonNode? body = null)
    {
        using var client = new HttpClient { BaseAddress = service.Sandbox.Addresses.Google };
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", service.Sandbox.TokenFor(Owner));
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, answer);
        return JsonNode.Parse(answer);
    }

    /// <summary>A resource as it is now, as text.</summary>
    public static string? See(this ServiceUnderTest service, string resource) =>
        service.Sandbox.Snapshot().Resources.GetValueOrDefault(resource)?.ToJsonString();

    /// <summary>The bindings of a project's policy, as text.</summary>
    public static string Bindings(this ServiceUnderTest service, string project) =>
        service.Sandbox.Snapshot().Resources[$"//cloudresourcemanager.googleapis.com/projects/{project}/iamPolicy"]["bindings"]?.ToJsonString() ?? "";

    /// <summary>How often a method of an API was called.</summary>
    public static int Calls(this ServiceUnderTest service, string api, string method) =>
        service.Sandbox.Journal().Count(entry => entry.Api == api && entry.Method == method);

    private static WorldProject Project(string id, long number, IReadOnlyList<string> roles) => new(id, number, id)
    {
        Policy =
        [
            new WorldBinding("roles/owner", [Owner]),
            .. roles.Select(role => new WorldBinding(role, [Installer])),
            new WorldBinding("roles/container.viewer", ["user:night@example.com"]) { Condition = "request.time < timestamp(\"2030-01-01T00:00:00Z\")" },
        ],
    };
}
