using System.Text;
using Google;
using MeshWorkflow.GoogleCloud.Failures;
using MeshWorkflow.GoogleCloud.Quotas;

namespace MeshWorkflow.GoogleCloud.Requests;

/// <summary>How every API is called.</summary>
/// <param name="services">The APIs.</param>
/// <param name="api">The API's short name.</param>
/// <param name="time">The clock.</param>
internal sealed class Api(ApiServices services, string api, TimeProvider time)
{
    public Task<TResponse> GetAsync<TResponse>(
        string path, CancellationToken cancellationToken, params (string Name, string? Value)[] query) =>
        CallAsync<TResponse>(new ApiCall(HttpMethod.Get, path + Query(query)) { IsRead = true }, cancellationToken);

    /// <summary>Reads a list to its end.</summary>
    /// <param name="path">The list.</param>
    /// <param name="next">The token of a page's next one; empty: it is the last.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <param name="query">What is asked for with every page.</param>
    /// <returns>The pages.</returns>
    public async Task<IReadOnlyList<TPage>> PagesAsync<TPage>(
        string path, Func<TPage, string?> next, CancellationToken cancellationToken, params (string Name, string? Value)[] query)
    {
        var pages = new List<TPage>();
        string? token = null;
        do
        {
            var page = await GetAsync<TPage>(path, cancellationToken, [.. query, ("pageToken", token)]);
            pages.Add(page);
            token = next(page);
        }
        while (!string.IsNullOrEmpty(token));

        return pages;
    }

    /// <summary>Reads with a body, as some APIs want it.</summary>
    public Task<TResponse> ReadAsync<TResponse>(string path, object body, CancellationToken cancellationToken) =>
        CallAsync<TResponse>(new ApiCall(HttpMethod.Post, path) { Body = body, IsRead = true }, cancellationToken);

    /// <exception cref="GoogleCallException">The API refused, or could not be reached.</exception>
    public Task<TResponse> SendAsync<TResponse>(
        HttpMethod method, string path, object? body, CancellationToken cancellationToken, params (string Name, string? Value)[] query) =>
        CallAsync<TResponse>(new ApiCall(method, path + Query(query)) { Body = body }, cancellationToken);

    /// <exception cref="GoogleCallException">The API refused, or could not be reached, or its quota is used up.</exception>
    public async Task<TResponse> CallAsync<TResponse>(ApiCall call, CancellationToken cancellationToken)
    {
        var quota = Quota.Of(api, call);
        await services.Quotas.EnterAsync(quota, cancellationToken);
        try
        {
            return await SendAsync<TResponse>(call, cancellationToken);
        }
        catch (GoogleCallException exception) when (exception.IsRateLimit)
        {
            services.Quotas.Close(quota, exception.RetryAfter);
            throw;
        }
    }

    private async Task<TResponse> SendAsync<TResponse>(ApiCall call, CancellationToken cancellationToken)
    {
        var answer = new AnswerObserver(call.IsRead, time);
        try
        {
            var service = await services.GetAsync(api, cancellationToken);
            var request = new ApiRequest<TResponse>(service, call);
            request.AddUnsuccessfulResponseHandler(answer);
            request.AddExceptionHandler(answer);
            return await request.ExecuteAsync(cancellationToken);
        }
        catch (GoogleApiException exception)
        {
            throw GoogleCallException.From(api, exception, answer.RetryAfter);
        }
        catch (HttpRequestException exception)
        {
            throw GoogleCallException.Unreachable(api, exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw GoogleCallException.Unreachable(api, exception);
        }
    }

    private static string Query((string Name, string? Value)[] query)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in query.Where(pair => pair.Value is not null))
        {
            text.Append(text.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value ?? ""));
        }

        return text.ToString();
    }
}
