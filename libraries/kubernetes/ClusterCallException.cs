using System.Net;
using System.Text.Json;
using k8s.Autorest;

namespace MeshWorkflow.KubernetesApi;

/// <summary>A call to a Kubernetes API server that did not succeed.</summary>
public sealed class ClusterCallException : Exception
{
    private ClusterCallException(HttpStatusCode status, string reason, string message, TimeSpan? retryAfter, Exception inner)
        : base(message, inner)
    {
        Status = status;
        Reason = reason;
        RetryAfter = retryAfter;
    }

    /// <summary>The HTTP status; 0: there was no answer.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>The reason of Kubernetes' <c>Status</c>, such as <c>NotFound</c>, <c>AlreadyExists</c> or <c>Conflict</c>; empty: none.</summary>
    public string Reason { get; }

    /// <summary>How long to wait before the next try, as far as the server said.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Whether the same call may succeed later without anybody mending anything.</summary>
    public bool IsPassing => Status is 0 or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    internal static ClusterCallException From(HttpOperationException exception)
    {
        var (reason, message, seconds) = Read(exception.Response.Content);
        return new ClusterCallException(
            exception.Response.StatusCode,
            reason,
            message ?? $"the server answered {(int)exception.Response.StatusCode} {exception.Response.StatusCode}",
            seconds is { } wait ? TimeSpan.FromSeconds(wait) : null,
            exception);
    }

    internal static ClusterCallException Unreachable(Exception exception) =>
        new(0, "", exception.InnerException?.Message ?? exception.Message, retryAfter: null, exception);

    private static (string Reason, string? Message, int? RetryAfterSeconds) Read(string? content)
    {
        try
        {
            using var document = JsonDocument.Parse(content ?? "");
            var status = document.RootElement;
            var details = status.TryGetProperty("details", out var found) ? found : default;
            return (
                status.TryGetProperty("reason", out var reason) ? reason.GetString() ?? "" : "",
                MessageOf(status),
                details.ValueKind is JsonValueKind.Object && details.TryGetProperty("retryAfterSeconds", out var seconds)
                    ? seconds.GetInt32()
                    : null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            // Not a Status: a proxy's page, say.
            return ("", null, null);
        }
    }

    // What Connect Gateway says itself is in Google's form, not in Kubernetes'.
    private static string? MessageOf(JsonElement answer) =>
        answer.TryGetProperty("message", out var message) || (answer.TryGetProperty("error", out var error) && error.TryGetProperty("message", out message))
            ? message.GetString()
            : null;
}
