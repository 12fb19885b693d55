using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Google.Compute;

/// <summary>Refusals as Compute Engine writes them: reasons of its own, mostly without a canonical status.</summary>
internal static class ComputeErrors
{
    private const string RateLimit = "Rate Limit Exceeded";

    public static Answer Of(int http, string reason, string message, string domain = "global", JsonObject? detail = null)
    {
        var error = new JsonObject
        {
            ["code"] = http,
            ["message"] = message,
            ["errors"] = new JsonArray(new JsonObject { ["message"] = message, ["domain"] = domain, ["reason"] = reason }),
        };
        if (detail is not null)
        {
            error["details"] = new JsonArray(detail);
        }

        return new Answer(http, new JsonObject { ["error"] = error });
    }

    public static Answer NotFound(string name) => Of(404, "notFound", $"The resource '{name}' was not found");

    public static Answer Exists(string name) => Of(409, "alreadyExists", $"The resource '{name}' already exists");

    public static Answer NotReady(string name) => Of(400, "resourceNotReady", $"The resource '{name}' is not ready");

    public static Answer Invalid(string field, string value, string reason) => Of(400, "invalid", $"Invalid value for field '{field}': '{value}'. {reason}");

    /// <summary>A refusal of the usual form in this API's own.</summary>
    public static Answer Translate(Answer refusal, string project)
    {
        if (refusal.Body?["error"] is not JsonObject error || error.ContainsKey("errors"))
        {
            return refusal;
        }

        var message = error["message"]?.GetValue<string>() ?? "";
        var details = error["details"]?.DeepClone() as JsonArray;
        if (error["status"]?.GetValue<string>() == "RESOURCE_EXHAUSTED")
        {
            // A rate limit is 403 here, not 429.
            var rate = details?.OfType<JsonObject>().FirstOrDefault(detail => detail["reason"]?.GetValue<string>() == "RATE_LIMIT_EXCEEDED");
            return Of(403, "rateLimitExceeded", RateLimit, "usageLimits", rate?.DeepClone().AsObject() ?? GoogleErrors.ErrorInfo(
                "CONCURRENT_OPERATIONS_QUOTA_EXCEEDED",
                "compute.googleapis.com",
                new JsonObject { ["containerType"] = "PROJECT", ["containerId"] = project, ["location"] = "global" })) with
            {
                RetryAfter = refusal.RetryAfter,
            };
        }

        var isPlatform = details?.Any(detail => detail?["domain"]?.GetValue<string>() == "googleapis.com") == true;
        var (reason, domain) = ReasonOf(error["status"]?.GetValue<string>(), details);
        var own = Of(refusal.Status, reason, message, domain) with { RetryAfter = refusal.RetryAfter };
        if (isPlatform && own.Body?["error"] is JsonObject shown)
        {
            (shown["status"], shown["details"]) = (error["status"]?.DeepClone(), details);
        }

        return own;
    }

    private static (string Reason, string Domain) ReasonOf(string? status, JsonArray? details) => status switch
    {
        "PERMISSION_DENIED" when details?.Any(detail => detail?["reason"]?.GetValue<string>() == "SERVICE_DISABLED") == true => ("accessNotConfigured", "usageLimits"),
        "PERMISSION_DENIED" => ("forbidden", "global"),
        "NOT_FOUND" => ("notFound", "global"),
        "ALREADY_EXISTS" => ("alreadyExists", "global"),
        "INVALID_ARGUMENT" => ("invalid", "global"),
        "FAILED_PRECONDITION" => ("resourceNotReady", "global"),
        "UNAUTHENTICATED" => ("authError", "global"),
        _ => ("backendError", "global"),
    };
}
