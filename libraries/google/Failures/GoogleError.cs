using System.Globalization;
using System.Net;
using System.Text.Json;

namespace MeshWorkflow.GoogleCloud.Failures;

/// <summary>What an API's error body says.</summary>
/// <param name="HttpStatus">The HTTP status; 0: there was no answer.</param>
/// <param name="Status">The canonical code by name.</param>
/// <param name="Message">The message, for people only.</param>
/// <param name="Reason">The reason of its <c>ErrorInfo</c>, or of compute's first error; empty: none.</param>
/// <param name="LegacyReason">The reason of compute's first error; empty: none.</param>
/// <param name="RetryDelay">The delay that its <c>RetryInfo</c> asks for.</param>
public sealed record GoogleError(HttpStatusCode HttpStatus, string Status, string Message, string Reason, string LegacyReason, TimeSpan? RetryDelay)
{
    internal static GoogleError Parse(HttpStatusCode httpStatus, string? content, string fallback)
    {
        try
        {
            using var document = JsonDocument.Parse(content ?? "");
            return document.RootElement.TryGetProperty("error", out var error) && error.ValueKind is JsonValueKind.Object
                ? Parse(httpStatus, error, fallback)
                : new GoogleError(httpStatus, StatusOf(httpStatus), fallback, "", "", null);
        }
        catch (JsonException)
        {
            // A proxy's page, say.
            return new GoogleError(httpStatus, StatusOf(httpStatus), fallback, "", "", null);
        }
    }

    private static GoogleError Parse(HttpStatusCode httpStatus, JsonElement error, string fallback)
    {
        var details = Array(error, "details");
        var reason = Text(details.FirstOrDefault(detail => Text(detail, "@type")?.EndsWith("ErrorInfo", StringComparison.Ordinal) is true), "reason");
        var legacy = Text(Array(error, "errors").FirstOrDefault(), "reason") ?? "";
        var delay = Text(details.FirstOrDefault(detail => Text(detail, "@type")?.EndsWith("RetryInfo", StringComparison.Ordinal) is true), "retryDelay");
        return new GoogleError(
            httpStatus,
            Text(error, "status") ?? StatusOf(httpStatus),
            Text(error, "message") ?? fallback,
            reason ?? legacy,
            legacy,
            Duration(delay));
    }

    private static JsonElement[] Array(JsonElement element, string name) =>
        element.TryGetProperty(name, out var array) && array.ValueKind is JsonValueKind.Array ? [.. array.EnumerateArray()] : [];

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var text) && text.ValueKind is JsonValueKind.String
            ? text.GetString()
            : null;

    private static TimeSpan? Duration(string? text) =>
        double.TryParse(text?.TrimEnd('s'), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 3600))
            : null;

    // Compute leaves the status out.
    private static string StatusOf(HttpStatusCode httpStatus) => (int)httpStatus switch
    {
        400 => "INVALID_ARGUMENT",
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        409 => "ALREADY_EXISTS",
        412 => "FAILED_PRECONDITION",
        429 => "RESOURCE_EXHAUSTED",
        499 => "CANCELLED",
        501 => "UNIMPLEMENTED",
        503 => "UNAVAILABLE",
        504 => "DEADLINE_EXCEEDED",
        >= 500 => "INTERNAL",
        _ => "UNKNOWN",
    };
}
