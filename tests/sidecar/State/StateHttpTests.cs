using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Tests.State;

/// <summary>Key-value state over HTTP.</summary>
public sealed class StateHttpTests : IAsyncLifetime
{
    private TestSidecar _sidecar = null!;
    private HttpClient _http = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _sidecar = await TestSidecar.StartAsync();
        _http = new HttpClient { BaseAddress = _sidecar.Host.Apps["a"].HttpAddress };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _sidecar.DisposeAsync();
    }

    [Fact]
    public async Task Body_LargerThanAMessage_IsRefused()
    {
        var large = $$"""[{ "key": "k", "value": "{{new string('x', 4 * 1024 * 1024)}}" }]""";
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1.0/state/store") { Content = new StringContent(large, Encoding.UTF8, "application/json") };

        // Else the answer may be lost: the server closes while we still write.
        request.Headers.ExpectContinue = true;
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await _http.SendAsync(request, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await GetAsync("k")).StatusCode);
    }

    [Fact]
    public async Task Value_OverItsLife_HasAnEtag()
    {
        Assert.Equal(HttpStatusCode.NoContent, (await GetAsync("k")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync("store", """[{ "key": "k", "value": { "n": 1 } }]"""));
        var read = await GetAsync("k");
        Assert.Equal("""{"n":1}""", await read.Content.ReadAsStringAsync(Cancellation));
        var etag = Assert.IsType<EntityTagHeaderValue>(read.Headers.ETag).Tag.Trim('"');

        Assert.Equal(HttpStatusCode.NoContent, await PostAsync("store", $$"""[{ "key": "k", "value": 2, "etag": "{{etag}}" }]"""));
        Assert.Equal(HttpStatusCode.Conflict, await PostAsync("store", $$"""[{ "key": "k", "value": 3, "etag": "{{etag}}" }]"""));
        Assert.Equal(
            HttpStatusCode.Conflict,
            await PostAsync("store", """[{ "key": "k", "value": 3, "options": { "concurrency": "first-write" } }]"""));
        using var delete = new HttpRequestMessage(HttpMethod.Delete, "v1.0/state/store/k") { Headers = { { "If-Match", $"\"{etag}\"" } } };
        Assert.Equal(HttpStatusCode.Conflict, (await _http.SendAsync(delete, Cancellation)).StatusCode);
        Assert.Equal("2", await (await GetAsync("k")).Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(HttpStatusCode.NoContent, (await _http.DeleteAsync(new Uri("v1.0/state/store/k", UriKind.Relative), Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await GetAsync("k")).StatusCode);
    }

    [Theory]
    [InlineData("nowhere", """[{ "key": "k", "value": 1 }]""")]
    [InlineData("store", """[{ "key": "a||b", "value": 1 }]""")]
    [InlineData("store", """[{ "value": 1 }]""")]
    [InlineData("store", """{ "key": "k" }""")]
    [InlineData("store", """[1, null, "x"]""")]
    [InlineData("store", "[{")]
    [InlineData("store", "")]
    [InlineData("store/transaction", """{ "operations": [{ "operation": "rename", "request": { "key": "k" } }] }""")]
    [InlineData("store/transaction", "[]")]
    public async Task Request_ThatCantBe_IsABadRequest(string path, string body) =>
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(path, body));

    [Fact]
    public async Task Bulk_OfSomeKeys_HasThemAll()
    {
        await PostAsync("store", """[{ "key": "k", "value": "v" }]""");
        var answer = await _http.PostAsJsonAsync("v1.0/state/store/bulk", new JsonObject { ["keys"] = new JsonArray("k", "nothing") }, Cancellation);
        var items = await answer.Content.ReadFromJsonAsync<JsonArray>(Cancellation);
        Assert.Equal(["v", null], (items ?? []).Select(item => (string?)item?["data"]));
    }

    [Fact]
    public async Task Value_ThatIsNoJson_IsText()
    {
        using var client = new Dapr.Client.DaprClientBuilder().UseGrpcEndpoint(_sidecar.Host.Apps["a"].GrpcAddress.ToString()).Build();
        await client.SaveByteStateAsync("store", "k", "no json"u8.ToArray(), cancellationToken: Cancellation);
        Assert.Equal("no json", await (await GetAsync("k")).Content.ReadAsStringAsync(Cancellation));
        var answer = await _http.PostAsJsonAsync("v1.0/state/store/bulk", new JsonObject { ["keys"] = new JsonArray("k") }, Cancellation);
        Assert.Equal("no json", (string?)(await answer.Content.ReadFromJsonAsync<JsonArray>(Cancellation))?[0]?["data"]);
    }

    private Task<HttpResponseMessage> GetAsync(string key) => _http.GetAsync(new Uri($"v1.0/state/store/{key}", UriKind.Relative), Cancellation);

    private async Task<HttpStatusCode> PostAsync(string path, string body)
    {
        using var content = new StringContent(body);
        using var answer = await _http.PostAsync(new Uri($"v1.0/state/{path}", UriKind.Relative), content, Cancellation);
        return answer.StatusCode;
    }
}
