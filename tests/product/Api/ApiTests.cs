using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.Tests.Product.Rollouts;
using MeshWorkflow.Workflows.Api;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Tests.Product.Api;

/// <summary>The REST API, as anybody's client sees it.</summary>
public sealed class ApiTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenApi_Read_DescribesEveryCall()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1));
        using var http = Http(product);

        var document = JsonNode.Parse(await http.GetStringAsync(new Uri("openapi/v1.json", UriKind.Relative), Token));

        var paths = document?["paths"]?.AsObject().Select(path => path.Key).ToList() ?? [];
        foreach (var path in (string[])["/v1/rollouts", "/v1/rollouts:plan", "/v1/rollouts:validate", "/v1/rollouts/{id}/approve", "/v1/rollouts/{id}/events"])
        {
            Assert.Contains(path, paths);
        }

        foreach (var path in (string[])["/v1/rollouts", "/v1/rollouts:plan", "/v1/rollouts:validate"])
        {
            Assert.Equal(
                "#/components/schemas/FleetInstall",
                document?["paths"]?[path]?["post"]?["requestBody"]?["content"]?["application/yaml"]?["schema"]?["$ref"]?.ToString());
        }

        var published = RequestSchema.Make();
        published.Remove("$schema");
        published.Remove("$id");
        Assert.True(JsonNode.DeepEquals(published, document?["components"]?["schemas"]?["FleetInstall"]), document?["components"]?["schemas"]?["FleetInstall"]?.ToJsonString());
        Assert.True(JsonNode.DeepEquals(RequestSchema.Make(), JsonNode.Parse(await http.GetStringAsync(new Uri("v1/schema", UriKind.Relative), Token))));
    }

    [Fact]
    public async Task Validate_Mistakes_AreAProblemWithAllOfThem()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1));
        using var http = Http(product);
        var request = Fleets.Request(1, "  rollout: { stages: [{ name: a, select: { names: [nobody] } }] }").Replace("mesh_ca", "our_ca", StringComparison.Ordinal);

        using var response = await http.PostAsync(new Uri("v1/rollouts:validate", UriKind.Relative), new StringContent(request), Token);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var body = await response.Content.ReadAsStringAsync(Token);
        Assert.Contains("spec.certificateAuthority.type", body, StringComparison.Ordinal);
        Assert.Contains("spec.rollout.stages[0].select.names", body, StringComparison.Ordinal);
        Assert.Contains("NO_STAGE", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_ResumedAfterAnEvent_GoOnAndMissNone()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1));
        var ended = await product.RunAsync(Fleets.Request(1));
        using var http = Http(product);
        var all = Ids(await EventsAsync(http, ended.Rollout.Id, lastEventId: null));

        var rest = Ids(await EventsAsync(http, ended.Rollout.Id, all[^3]));

        var recorded = ended.Scopes.Concat(ended.Clusters).SelectMany(scope => scope.Events).Select(happened => happened.Id);
        Assert.Equal(recorded.Order(StringComparer.Ordinal), all.Order(StringComparer.Ordinal));
        Assert.Equal(all.TakeLast(2), rest.TakeLast(2));
        Assert.DoesNotContain(all[^3], rest);
    }

    [Fact]
    public async Task Call_WithoutToken_IsRefused()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1));
        using var http = Http(product);
        http.DefaultRequestHeaders.Authorization = null;

        using var response = await http.PostAsync(new Uri("v1/clusters/demo-apps/us-central1/c1/unlock", UriKind.Relative), content: null, Token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Unlock_ClusterOnHold_MayBeTakenByAnother()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1));
        using var client = product.Client();
        product.Sandbox.Order(Fleets.LabelRefused("c1") with { Times = 1 });
        var held = await product.RunAsync(Fleets.Request(1, "  rollout: { onFailure: hold }", name: "held"));
        Assert.Equal(RolloutState.CompletedWithFailures, held.Rollout.State);
        var other = await product.RunAsync(Fleets.Request(1, name: "other"));
        Assert.Equal("CLUSTER_OWNED", Assert.Single(other.Clusters).Reason);

        await client.UnlockAsync("demo-apps/us-central1/c1", new UnlockRequest(), Token);
        var again = await product.RunAsync(Fleets.Request(1, name: "other"));

        Assert.Equal(RolloutState.Succeeded, again.Rollout.State);
        Assert.Contains(product.Sandbox.Journal(), entry => entry.Method == "delete leases");
    }

    private static HttpClient Http(ProductUnderTest product)
    {
        var http = new HttpClient { BaseAddress = new Uri(File.ReadAllText(product.State.AddressFile)) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiToken.Read(product.State.TokenFile));
        return http;
    }

    private static async Task<string> EventsAsync(HttpClient http, string id, string? lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"v1/rollouts/{id}/events", UriKind.Relative));
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        using var response = await http.SendAsync(request, Token);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(Token));
    }

    private static List<string> Ids(string stream) =>
        [.. stream.Split('\n').Where(line => line.StartsWith("id: ", StringComparison.Ordinal)).Select(line => line[4..].Trim())];
}
