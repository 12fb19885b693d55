using System.Net;
using System.Net.Http.Headers;

namespace MeshWorkflow.KubernetesApi;

/// <summary>The token of calls to clusters.</summary>
/// <param name="Get">Gives it.</param>
/// <param name="Renew">Makes sure that the next one isn't the one that was not accepted.</param>
public sealed record ClusterTokens(Func<CancellationToken, Task<string>> Get, Func<string, CancellationToken, Task> Renew);

/// <summary>
/// Makes a call again, with a fresh token, whose token was not accepted: nothing has come of it yet. As often as Google's library does
/// for its own calls; a token can end on the way, and others renew theirs at the same time.
/// </summary>
internal sealed class RenewedTokens(ClusterTokens tokens) : DelegatingHandler
{
    private const int MaxTries = 3;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (tries == MaxTries || response.StatusCode is not HttpStatusCode.Unauthorized || request.Headers.Authorization?.Parameter is not { } rejected)
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
        }
    }
}
