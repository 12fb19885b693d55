using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;

namespace MeshWorkflow.KubernetesApi;

/// <summary>A connection to one cluster.</summary>
public sealed class ClusterConnection : IDisposable
{
    /// <summary>Who our writes are by, in the cluster's eyes.</summary>
    public const string FieldManager = "meshworkflow";

    private readonly Kubernetes _client;

    internal ClusterConnection(Kubernetes client) => _client = client;

    /// <summary>Whether the last call got no answer, or was not let in: the cluster may have moved.</summary>
    public bool IsInDoubt { get; private set; }

    /// <summary>Makes a call.</summary>
    /// <typeparam name="T">What it answers.</typeparam>
    /// <param name="call">The call, on Kubernetes' official client.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="ClusterCallException">The server refused, or could not be reached.</exception>
    public async Task<T> CallAsync<T>(Func<IKubernetes, Task<T>> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        try
        {
            var answer = await call(_client);
            IsInDoubt = false;
            return answer;
        }
        catch (HttpOperationException exception)
        {
            IsInDoubt = exception.Response.StatusCode is HttpStatusCode.Unauthorized;
            throw ClusterCallException.From(exception);
        }
        catch (HttpRequestException exception)
        {
            IsInDoubt = true;
            throw ClusterCallException.Unreachable(exception);
        }
        catch (OperationCanceledException)
        {
            // Nobody waits any longer: it may hang for good.
            IsInDoubt = true;
            throw;
        }
    }

    /// <summary>Reads one thing.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="call">The call, on Kubernetes' official client.</param>
    /// <returns>The thing, or <see langword="null"/>: it isn't there.</returns>
    /// <exception cref="ClusterCallException">The server refused, or could not be reached.</exception>
    public async Task<T?> FindAsync<T>(Func<IKubernetes, Task<T>> call)
        where T : class
    {
        try
        {
            return await CallAsync(call);
        }
        catch (ClusterCallException exception) when (exception.Status is HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Reads JSON from a path, for what the official client has no method for.</summary>
    /// <typeparam name="T">What it is read as.</typeparam>
    /// <param name="path">The path, without a leading slash.</param>
    /// <param name="accept">The wanted representation.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="ClusterCallException">The server refused, or could not be reached.</exception>
    public Task<T> GetAsync<T>(string path, string accept, CancellationToken cancellationToken) => CallAsync(async _ =>
    {
        using var request = Request(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(accept);
        await SignAsync(request, cancellationToken);
        using var response = await _client.HttpClient.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpOperationException
            {
                Response = new HttpResponseMessageWrapper(response, await response.Content.ReadAsStringAsync(cancellationToken)),
            };
        }

        return await response.Content.ReadFromJsonAsync<T>(cancellationToken)
            ?? throw new HttpRequestException($"'{path}' answered nothing.");
    });

    /// <summary>Reads any JSON from a path.</summary>
    /// <param name="path">The path, without a leading slash.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The answer, or <see langword="null"/>: there is nothing.</returns>
    /// <exception cref="ClusterCallException">The server refused, or could not be reached.</exception>
    public Task<JsonObject?> FindJsonAsync(string path, CancellationToken cancellationToken) =>
        CallAsync(_ => SendAsync(HttpMethod.Get, path, content: null, cancellationToken));

    /// <summary>Sends JSON to a path.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path, without a leading slash.</param>
    /// <param name="body">What is sent.</param>
    /// <param name="contentType">What it is.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="ClusterCallException">The server refused, or could not be reached.</exception>
    public Task<JsonObject> SendJsonAsync(
        HttpMethod method, string path, JsonObject body, string contentType, CancellationToken cancellationToken) => CallAsync(async _ =>
            await SendAsync(method, path, new StringContent(body.ToJsonString(), new MediaTypeHeaderValue(contentType)), cancellationToken)
            ?? throw new HttpRequestException($"'{path}' answered nothing."));

    // Null: what is read isn't there. Most reads of an installation find nothing, which is no exception.
    private async Task<JsonObject?> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = Request(method, path);
        request.Content = content;
        await SignAsync(request, cancellationToken);
        using var response = await _client.HttpClient.SendAsync(request, cancellationToken);
        if (method == HttpMethod.Get && response.StatusCode is HttpStatusCode.NotFound)
        {
            return null;
        }

        var answer = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpOperationException { Response = new HttpResponseMessageWrapper(response, answer) };
        }

        return JsonNode.Parse(answer) as JsonObject ?? throw new HttpRequestException($"'{path}' answered no object.");
    }

    // One connection carries all calls at once, where the server can.
    private HttpRequestMessage Request(HttpMethod method, string path) => new(method, new Uri(_client.BaseUri, path))
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
    };

    // Who shows a client certificate has no credentials to send.
    private Task SignAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _client.Credentials is { } credentials ? credentials.ProcessHttpRequestAsync(request, cancellationToken) : Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
