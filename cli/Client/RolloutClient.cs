using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MeshWorkflow.Workflows.Api;
using MeshWorkflow.Workflows.Planning;
using MeshWorkflow.Workflows.Preflights;

namespace MeshWorkflow.Cli.Client;

/// <summary>Calls the REST API.</summary>
internal sealed class RolloutClient : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PlanLimit = TimeSpan.FromMinutes(10);
    private readonly HttpClient _http;

    /// <summary>How answers are read: nothing in them steers a terminal.</summary>
    public static ApiJson Answers { get; } = new(new JsonSerializerOptions(ApiJson.Default.Options) { Converters = { new VisibleConverter() } });

    public RolloutClient(Uri api, string token)
    {
        _http = new HttpClient { BaseAddress = api, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public Task<RolloutView> BeginAsync(string request, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, "v1/rollouts") { Content = new StringContent(request, Encoding.UTF8, "application/yaml") };
        if (idempotencyKey is not null)
        {
            message.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return SendAsync(message, Answers.RolloutView, cancellationToken);
    }

    public Task<RolloutView> ReadAsync(string id, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, $"v1/rollouts/{Uri.EscapeDataString(id)}"), Answers.RolloutView, cancellationToken);

    public Task<RolloutList> ListAsync(CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, "v1/rollouts"), Answers.RolloutList, cancellationToken);

    public Task<RolloutView> RollBackAsync(string id, CancellationToken cancellationToken) => SendAsync(
        new HttpRequestMessage(HttpMethod.Post, $"v1/rollouts/{Uri.EscapeDataString(id)}/rollback"), Answers.RolloutView, cancellationToken);

    /// <summary>Asks what a request would change. Every cluster is looked at, so it takes its time.</summary>
    public Task<PlanView> PlanAsync(string request, CancellationToken cancellationToken) => SendAsync(
        new HttpRequestMessage(HttpMethod.Post, "v1/rollouts:plan") { Content = new StringContent(request, Encoding.UTF8, "application/yaml") },
        Answers.PlanView,
        PlanLimit,
        cancellationToken);

    /// <summary>Asks what would keep a request's clusters from the mesh. Every cluster is looked at, so it takes its time.</summary>
    public Task<PreflightView> PreflightAsync(string request, CancellationToken cancellationToken) => SendAsync(
        new HttpRequestMessage(HttpMethod.Post, "v1/rollouts:preflight") { Content = new StringContent(request, Encoding.UTF8, "application/yaml") },
        Answers.PreflightView,
        PlanLimit,
        cancellationToken);

    public Task<RolloutView> SteerAsync(string id, string verb, CancellationToken cancellationToken) =>
        SendAsync(Steer(id, verb), Answers.RolloutView, cancellationToken);

    public Task<RolloutView> CancelAsync(string id, CancelRequest request, CancellationToken cancellationToken)
    {
        var message = Steer(id, "cancel");
        message.Content = JsonContent.Create(request, ApiJson.Default.CancelRequest);
        return SendAsync(message, Answers.RolloutView, cancellationToken);
    }

    public Task<RolloutView> ApproveAsync(string id, ApprovalRequest request, CancellationToken cancellationToken)
    {
        var message = Steer(id, "approve");
        message.Content = JsonContent.Create(request, ApiJson.Default.ApprovalRequest);
        return SendAsync(message, Answers.RolloutView, cancellationToken);
    }

    /// <summary>Follows a rollout's server-sent events until it ends, or the connection does.</summary>
    /// <param name="id">The rollout.</param>
    /// <param name="lastEventId">The last event that was seen; null: from the beginning on.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async IAsyncEnumerable<SseItem<string>> EventsAsync(
        string id, string? lastEventId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"v1/rollouts/{Uri.EscapeDataString(id)}/events");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).WaitAsync(Limit, TimeProvider.System, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new ApiRefusedException(await ProblemAsync(response, cancellationToken));
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            yield return item;
        }
    }

    /// <param name="cluster">PROJECT/LOCATION/NAME.</param>
    /// <param name="way">How it is reached.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task UnlockAsync(string cluster, UnlockRequest way, CancellationToken cancellationToken)
    {
        var path = string.Join('/', cluster.Split('/').Select(Uri.EscapeDataString));
        var message = new HttpRequestMessage(HttpMethod.Post, $"v1/clusters/{path}/unlock") { Content = JsonContent.Create(way, ApiJson.Default.UnlockRequest) };
        await SendAsync(message, Limit, (_, _) => Task.FromResult(true), cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Steer(string id, string verb) => new(HttpMethod.Post, $"v1/rollouts/{Uri.EscapeDataString(id)}/{verb}");

    private Task<T> SendAsync<T>(HttpRequestMessage message, JsonTypeInfo<T> type, CancellationToken cancellationToken) => SendAsync(message, type, Limit, cancellationToken);

    private Task<T> SendAsync<T>(HttpRequestMessage message, JsonTypeInfo<T> type, TimeSpan limit, CancellationToken cancellationToken) => SendAsync(
        message,
        limit,
        async (response, token) => await response.Content.ReadFromJsonAsync(type, token) ?? throw new ApiUnreachableException("it answered nothing"),
        cancellationToken);

    /// <exception cref="ApiRefusedException">The API refused.</exception>
    /// <exception cref="ApiUnreachableException">The API did not answer.</exception>
    private async Task<T> SendAsync<T>(
        HttpRequestMessage message, TimeSpan limit, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(limit);
        try
        {
            using var request = message;
            using var response = await _http.SendAsync(request, patience.Token);
            return response.IsSuccessStatusCode
                ? await read(response, patience.Token)
                : throw new ApiRefusedException(await ProblemAsync(response, patience.Token));
        }
        catch (HttpRequestException exception)
        {
            throw new ApiUnreachableException(exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ApiUnreachableException($"no answer in {limit.TotalSeconds:0} s");
        }
    }

    private static async Task<Problem> ProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(Answers.Problem, cancellationToken) ?? Bare(response.StatusCode);
        }
        catch (JsonException)
        {
            return Bare(response.StatusCode);
        }
    }

    private static Problem Bare(HttpStatusCode status) => new("about:blank", "HTTP_ERROR", (int)status, $"The API answered {(int)status} {status}.");
}
