using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Workflows.Api;

/// <summary>Sees that whatever is refused is answered by a problem: what no call takes, what can't be read, and what went wrong here.</summary>
internal sealed partial class ProblemAnswers(RequestDelegate next, ILogger<ProblemAnswers> logger)
{
    private const string AllCalls = "GET /openapi/v1.json describes all calls.";

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there any more to be answered.
            return;
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
        {
            Begin(context.Response, exception.StatusCode);
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            Log.Failed(logger, context.GetEndpoint()?.DisplayName ?? "no call", exception);
            Begin(context.Response, StatusCodes.Status500InternalServerError);
        }

        var answer = context.Response;
        if (answer is { HasStarted: false, StatusCode: >= StatusCodes.Status400BadRequest, ContentType: null })
        {
            await Of(context.Request, answer.StatusCode).ExecuteAsync(context);
        }
    }

    // What had been prepared of an answer is none any more.
    private static void Begin(HttpResponse response, int status)
    {
        response.Clear();
        response.StatusCode = status;
    }

    private static IResult Of(HttpRequest request, int status)
    {
        var call = $"{VisibleText.Of(request.Method, 20)} {VisibleText.Of(request.Path.Value ?? "", 100)}";
        return status switch
        {
            StatusCodes.Status404NotFound => Problems.Of(status, "NOT_FOUND", $"There is no call {call}.", AllCalls),
            StatusCodes.Status405MethodNotAllowed => Problems.Of(
                status, "METHOD_NOT_ALLOWED", $"There is no call {call}.", $"Use one of the methods that the header Allow lists. {AllCalls}"),
            StatusCodes.Status413PayloadTooLarge => Problems.TooLarge(),
            StatusCodes.Status415UnsupportedMediaType => Problems.Of(
                status, "MEDIA_TYPE_UNSUPPORTED", $"{call} takes no '{VisibleText.Of(request.ContentType ?? "", 100)}'.", "Send application/json, or no body at all."),
            >= StatusCodes.Status500InternalServerError => Problems.Of(
                status, "INTERNAL", "Something went wrong here.", "Try again; the orchestrator's log says what it was."),
            _ => Problems.Of(status, "CALL_INVALID", $"{call} can't be read.", AllCalls),
        };
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Call} failed.")]
        public static partial void Failed(ILogger logger, string call, Exception exception);
    }
}
