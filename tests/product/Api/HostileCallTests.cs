using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using MeshWorkflow.Tests.Product.Rollouts;
using MeshWorkflow.Workflows.Api;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Tests.Product.Api;

/// <summary>Whatever is sent to the API is answered, by a problem where it is refused; and what is sent at the same time begins once.</summary>
public sealed class HostileCallTests
{
    private static readonly string[] Members = ["type", "title", "status", "detail", "remedy"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_Hostile_IsRefusedByAProblemAndHarmsNothing()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1));
        using var http = Http(product);
        var before = product.Sandbox.Journal().Count;
        var calls = HostileCalls.All().ToList();
        var wrong = new ConcurrentBag<string>();

        await Parallel.ForEachAsync(calls, new ParallelOptions { MaxDegreeOfParallelism = 6, CancellationToken = Token }, async (call, token) =>
        {
            if (await WrongAsync(http, call, token) is { } what)
            {
                wrong.Add($"{call.Name[..Math.Min(60, call.Name.Length)]}: {what}");
            }
        });

        Assert.True(calls.Count > 600, $"There are only {calls.Count} calls.");
        Assert.True(wrong.IsEmpty, string.Join('\n', wrong.Order(StringComparer.Ordinal)));
        Assert.Equal(before, product.Sandbox.Journal().Count);
        using var client = product.Client();
        Assert.Empty((await client.ListAsync(Token)).Rollouts);
        Assert.Equal(JsonValueKindOf(await http.GetStringAsync(new Uri("/v1/schema", UriKind.Relative), Token)), System.Text.Json.JsonValueKind.Object);
    }

    [Theory]
    [InlineData("/v1/rollouts/a%7C%7Cb", "CALL_INVALID", "id")]
    [InlineData("/v1/nothing", "NOT_FOUND", null)]
    [InlineData("/v1/rollouts:plan", "METHOD_NOT_ALLOWED", null)]
    public async Task Get_WhatIsNoCall_SaysWhy(string path, string reason, string? place)
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1));
        using var http = Http(product);

        using var response = await http.GetAsync(new Uri(path, UriKind.Relative), Token);

        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync(Token));
        Assert.Equal(reason, problem?["title"]?.GetValue<string>());
        Assert.Equal(place, problem?["mistakes"]?[0]?["path"]?.GetValue<string>());
        Assert.NotEmpty(problem?["remedy"]?.GetValue<string>() ?? "");
        Assert.Equal(reason == "METHOD_NOT_ALLOWED", response.Content.Headers.Allow.Contains("POST"));
    }

    [Fact]
    public async Task Begin_TheSameTwelveTimesAtOnce_BeginsOnce()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1));
        using var http = Http(product);

        var statuses = await AtOnceAsync(http, Enumerable.Repeat((Fleets.Request(1), (string?)null), 12));

        Assert.Equal(1, statuses.Count(status => status == HttpStatusCode.Created));
        Assert.Equal(11, statuses.Count(status => status == HttpStatusCode.OK));
        using var client = product.Client();
        Assert.Equal("test-g1", Assert.Single((await client.ListAsync(Token)).Rollouts).Id);
    }

    [Fact]
    public async Task Begin_TwoUnderOneNameAtOnce_BeginsOneOfThem()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(2));
        using var http = Http(product);

        var statuses = await AtOnceAsync(http, Enumerable.Range(0, 12).Select(i => (Fleets.Request(1 + (i % 2)), (string?)null)));

        Assert.Equal(1, statuses.Count(status => status == HttpStatusCode.Created));
        Assert.Equal(5, statuses.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(6, statuses.Count(status => status == HttpStatusCode.Conflict));
        using var client = product.Client();
        Assert.Equal("test-g1", Assert.Single((await client.ListAsync(Token)).Rollouts).Id);
    }

    [Fact]
    public async Task Begin_OneKeyForTwoAtOnce_BeginsOneOfThem()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1));
        using var http = Http(product);

        var statuses = await AtOnceAsync(http, Enumerable.Range(0, 8).Select(i => (Fleets.Request(1, name: $"test{i % 2}"), (string?)"key-1")));

        Assert.Equal(1, statuses.Count(status => status == HttpStatusCode.Created));
        Assert.Equal(4, statuses.Count(status => status == HttpStatusCode.Conflict));
        using var client = product.Client();
        Assert.Single((await client.ListAsync(Token)).Rollouts);
    }

    [Theory]
    [InlineData("prod-g1", false)]
    [InlineData("a-g1-g22", false)]
    [InlineData("prod-g", true)]
    [InlineData("prod-g1x", true)]
    [InlineData("g1", true)]
    public void Parse_NameLikeAGeneration_IsAMistake(string name, bool isRight)
    {
        Assert.Equal(isRight, RequestParser.TryParse(Fleets.Request(1, name: name), out _, out var mistakes));

        Assert.Equal(isRight ? [] : ["metadata.name"], mistakes.Select(mistake => mistake.Path));
    }

    private static async Task<string?> WrongAsync(HttpClient http, HostileCall call, CancellationToken token)
    {
        var options = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        using var request = new HttpRequestMessage(new HttpMethod(call.Method), new Uri(http.BaseAddress!.GetLeftPart(UriPartial.Authority) + call.Path, options));
        if (call.Body is not null || call.Type is not null)
        {
            request.Content = new ByteArrayContent(call.Body ?? []);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", call.Type);
        }

        if (call.KeyHeader is { } key)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        try
        {
            using var response = await http.SendAsync(request, token);
            var body = await response.Content.ReadAsStringAsync(token);
            if ((int)response.StatusCode is < 400 or >= 500)
            {
                return $"{response.StatusCode} {body[..Math.Min(200, body.Length)]}";
            }

            // An answer to HEAD has no body; and what is no HTTP at all, the server answers before anybody could be asked.
            if (call.Method == "HEAD" || (body.Length == 0 && response.StatusCode is HttpStatusCode.BadRequest && (call.Path.Contains("%00", StringComparison.Ordinal) || call.KeyHeader is not null)))
            {
                return null;
            }

            var problem = response.Content.Headers.ContentType?.MediaType == "application/problem+json" ? JsonNode.Parse(body) as JsonObject : null;
            return problem is null ? $"{response.StatusCode} without a problem"
                : problem["status"]?.GetValue<int>() != (int)response.StatusCode || problem["title"]?.GetValue<string>() is "INTERNAL" ? body
                : Members.Any(member => problem[member] is null) && problem["mistakes"]?[0]?["remedy"] is null ? $"lacks a member: {body}"
                : null;
        }
        catch (HttpRequestException exception)
        {
            return exception.Message;
        }
    }

    private static async Task<IReadOnlyList<HttpStatusCode>> AtOnceAsync(HttpClient http, IEnumerable<(string Request, string? Key)> requests) => await Task.WhenAll(requests.Select(async one =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/rollouts", UriKind.Relative)) { Content = new StringContent(one.Request) };
        if (one.Key is { } key)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var response = await http.SendAsync(request, Token);
        return response.StatusCode;
    }));

    private static System.Text.Json.JsonValueKind? JsonValueKindOf(string text) => JsonNode.Parse(text)?.GetValueKind();

    private static HttpClient Http(ProductUnderTest product)
    {
        var http = new HttpClient { BaseAddress = new Uri(File.ReadAllText(product.State.AddressFile)), Timeout = TimeSpan.FromMinutes(2) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiToken.Read(product.State.TokenFile));
        return http;
    }
}
