using System.Net;
using Google.Apis.Http;

namespace MeshWorkflow.GoogleCloud.Requests;

/// <summary>
/// Repeats reads that met a passing fault, within the caller's deadline; nothing else is repeated here. Keeps what a refusal says
/// about when to come back.
/// </summary>
internal sealed class AnswerObserver(bool isRead, TimeProvider time) : IHttpUnsuccessfulResponseHandler, IHttpExceptionHandler
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public TimeSpan? RetryAfter { get; private set; }

    public async Task<bool> HandleResponseAsync(HandleUnsuccessfulResponseArgs args)
    {
        RetryAfter = args.Response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => null,
        };
        return isRead
            && RetryAfter is null
            && args.SupportsRetry
            && args.Response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
            && await PauseAsync(args.CurrentFailedTry, args.CancellationToken);
    }

    public async Task<bool> HandleExceptionAsync(HandleExceptionArgs args) =>
        isRead
        && args.SupportsRetry
        && args.Exception is HttpRequestException
        && await PauseAsync(args.CurrentFailedTry, args.CancellationToken);

    private async Task<bool> PauseAsync(int failures, CancellationToken cancellationToken)
    {
        await Task.Delay(Pause * failures, time, cancellationToken);
        return true;
    }
}
