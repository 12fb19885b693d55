using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MeshWorkflow.Workflows.Api;

namespace MeshWorkflow.Cli.Client;

/// <summary>Calls the REST API.</summary>
internal sealed class RolloutClient : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly HttpClient _http;

    public RolloutClient(Uri api, string token)
    {
        _http = new HttpClient { BaseAddress = api, Timeout = Limit };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public Task<RolloutView> BeginAsync(string request, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, "v1/rollouts") { Content = new StringContent(request, Encoding.UTF8, "application/yaml") };
        if (idempotencyKey is not null)
        {
            message.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return SendAsync(message, ApiJson.Default.RolloutView, cancellationToken);
    }

    public Task<RolloutView> ReadAsync(string id, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, $"v1/rollouts/{Uri.EscapeDataString(id)}"), ApiJson.Default.RolloutView, cancellationToken);

    public Task<RolloutList> ListAsync(CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, "v1/rollouts"), ApiJson.Default.RolloutList, cancellationToken);

    public Task<RolloutView> RollBackAsync(string id, CancellationToken cancellationToken) => SendAsync(
        new HttpRequestMessage(HttpMethod.Post, $"v1/rollouts/{Uri.EscapeDataString(id)}/rollback"), ApiJson.Default.RolloutView, cancellationToken);

    public void Dispose() => _http.Dispose();

    /// <exception cref="ApiRefusedException">The API refused.</exception>
    /// <exception cref="ApiUnreachableException">The API did not answer.</exception>
    private async Task<T> SendAsync<T>(HttpRequestMessage message, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            using var request = message;
            using var response = await _http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw new ApiRefusedException(await ProblemAsync(response, cancellationToken));
            }

            return await response.Content.ReadFromJsonAsync(type, cancellationToken)
                ?? throw new ApiUnreachableException("it answered nothing");
        }
        catch (HttpRequestException exception)
        {
            throw new ApiUnreachableException(exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ApiUnreachableException($"no answer in {Limit.TotalSeconds:0} s");
        }
    }

    private static async Task<Problem> ProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(ApiJson.Default.Problem, cancellationToken) ?? Bare(response.StatusCode);
        }
        catch (JsonException)
        {
            return Bare(response.StatusCode);
        }
    }

    private static Problem Bare(HttpStatusCode status) => new("about:blank", "HTTP_ERROR", (int)status, $"The API answered {(int)status} {status}.");
}
