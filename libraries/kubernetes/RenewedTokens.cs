using System.Net;
using System.Net.Http.Headers;

namespace MeshWorkflow.KubernetesApi;

/// <summary>The token of calls to clusters.</summary>
/// <param name="Get">Gives it.</param>
/// <param name="Renew">Makes sure that the next one isn't the one that was not accepted.</param>
public sealed record ClusterTokens(Func<CancellationToken, Task<string>> Get, Func<string, CancellationToken, Task> Renew);

/// <summary>Makes a call once more, with a fresh token, whose token was not accepted: nothing has come of it yet.</summary>
internal sealed class RenewedTokens(ClusterTokens tokens) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode is not HttpStatusCode.Unauthorized || request.Headers.Authorization?.Parameter is not { } rejected)
        {
            return response;
        }

        await tokens.Renew(rejected, cancellationToken);
        var fresh = await tokens.Get(cancellationToken);
        if (fresh == rejected)
        {
            return response;
        }

        response.Dispose();
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", fresh);
        return await base.SendAsync(request, cancellationToken);
    }
}
