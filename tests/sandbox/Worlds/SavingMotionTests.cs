using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Hosting;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Sandbox.Worlds;

/// <summary>What clusters' controllers are in the middle of when the world is saved goes on from there.</summary>
public sealed class SavingMotionTests : IDisposable
{
    private static readonly TimeSpan Never = TimeSpan.FromDays(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("meshwf-motion-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static World World { get; } = World.Demo with
    {
        Clusters = [World.Demo.Clusters[0] with { Membership = new WorldMembership("demo-fleet", "mesh-a", "us-central1") }],
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Restore_SavedInTheMiddle_ControllersGoOn()
    {
        var slow = new SandboxOptions
        {
            World = World,
            Folder = Path.Combine(_folder, "slow"),
            PodStartTime = Never,
            TerminationTime = Never,
            EstablishTime = Never,
            LoadBalancerTime = Never,
        };
        await using var first = await SandboxHost.StartAsync(slow, Token);
        using (var http = Client(first))
        {
            await PostAsync(http, "api/v1/namespaces", """{"metadata":{"name":"going"}}""");
            await http.DeleteAsync(new Uri("api/v1/namespaces/going", UriKind.Relative), Token);
            await PostAsync(http, "api/v1/namespaces/default/pods", """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}""");
            await PostAsync(http, "api/v1/namespaces/default/services", """{"metadata":{"name":"lb"},"spec":{"type":"LoadBalancer","selector":{"a":"b"},"ports":[{"port":80}]}}""");
            await PostAsync(
                http,
                "apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                """{"metadata":{"name":"sails.example.com"},"spec":{"group":"example.com","scope":"Namespaced","names":{"plural":"sails","singular":"sail","kind":"Sail"},"versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"}}}]}}""");
            await UntilAsync(http, "apis/apiextensions.k8s.io/v1/customresourcedefinitions/sails.example.com", found => found["status"]?["conditions"] is not null);
            await UntilAsync(http, "api/v1/namespaces/default/pods/p", found => found["spec"]?["nodeName"] is not null);
        }

        await using var second = await SandboxHost.StartAsync(
            new SandboxOptions { World = World, Folder = Path.Combine(_folder, "second"), Saved = await first.SaveAsync(Token) }, Token);

        using var after = Client(second);
        await UntilAsync(after, "api/v1/namespaces/going", found => found["code"]?.GetValue<int>() == 404);
        await UntilAsync(after, "api/v1/namespaces/default/pods/p", found => found["status"]?["phase"]?.GetValue<string>() == "Running");
        await UntilAsync(after, "api/v1/namespaces/default/services/lb", found => found["status"]?["loadBalancer"]?["ingress"] is JsonArray { Count: 1 });
        await UntilAsync(after, "apis/example.com/v1/sails", found => found["kind"]?.GetValue<string>() == "SailList");
    }

    private static HttpClient Client(SandboxHost sandbox)
    {
        var fleet = World.Projects.First(project => project.Id == "demo-fleet").Number;
        var http = new HttpClient
        {
            BaseAddress = new Uri(sandbox.Addresses.Google, $"connectgateway/v1/projects/{fleet}/locations/us-central1/gkeMemberships/mesh-a/"),
        };
        http.DefaultRequestHeaders.Authorization = new("Bearer", sandbox.TokenFor("user:owner@example.com"));
        return http;
    }

    private static async Task PostAsync(HttpClient http, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri(path, UriKind.Relative), content, Token);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Token));
    }

    private static async Task UntilAsync(HttpClient http, string path, Func<JsonNode, bool> isRight)
    {
        while (true)
        {
            using var response = await http.GetAsync(new Uri(path, UriKind.Relative), Token);
            var found = response.Content.Headers.ContentType?.MediaType == "application/json" ? await response.Content.ReadFromJsonAsync<JsonNode>(Token) : null;
            if (found is not null && isRight(found))
            {
                return;
            }
        }
    }
}
