using System.Net;

namespace MeshWorkflow.KubernetesApi;

/// <summary>Repeats reads that met a passing fault, within the caller's deadline. Writes are the workflow's to repeat.</summary>
internal sealed class RepeatedReads(TimeProvider time) : DelegatingHandler
{
    private const int Tries = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var mayRepeat = request.Method == HttpMethod.Get && attempt < Tries;
            try
            {
                var response = await base.SendAsync(request, cancellationToken);
                if (!mayRepeat || !IsPassing(response))
                {
                    return response;
                }

                response.Dispose();
            }
            catch (HttpRequestException) when (mayRepeat)
            {
                // The next try says whether it stays so.
            }

            await Task.Delay(Pause * attempt, time, cancellationToken);
        }
    }

    private static bool IsPassing(HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout && response.Headers.RetryAfter is null;
}
