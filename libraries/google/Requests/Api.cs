using System.Text;
using Google;
using MeshWorkflow.GoogleCloud.Failures;

namespace MeshWorkflow.GoogleCloud.Requests;

/// <summary>How every API is called.</summary>
/// <param name="services">The APIs.</param>
/// <param name="api">The API's short name.</param>
/// <param name="time">The clock.</param>
internal sealed class Api(ApiServices services, string api, TimeProvider time)
{
    public Task<TResponse> GetAsync<TResponse>(
        string path, CancellationToken cancellationToken, params (string Name, string? Value)[] query) =>
        SendAsync<TResponse>(HttpMethod.Get, path, body: null, cancellationToken, query);

    /// <exception cref="GoogleCallException">The API refused, or could not be reached.</exception>
    public async Task<TResponse> SendAsync<TResponse>(
        HttpMethod method, string path, object? body, CancellationToken cancellationToken, params (string Name, string? Value)[] query)
    {
        var answer = new AnswerObserver(isRead: method == HttpMethod.Get, time);
        try
        {
            var service = await services.GetAsync(api, cancellationToken);
            var request = new ApiRequest<TResponse>(service, method, path + Query(query), body);
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
