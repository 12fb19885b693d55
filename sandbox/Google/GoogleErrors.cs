using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Google;

/// <summary>Refusals as Google's APIs write them.</summary>
internal static class GoogleErrors
{
    private static readonly Dictionary<string, (int Http, int Rpc)> Codes = new(StringComparer.Ordinal)
    {
        ["CANCELLED"] = (499, 1),
        ["UNKNOWN"] = (500, 2),
        ["INVALID_ARGUMENT"] = (400, 3),
        ["DEADLINE_EXCEEDED"] = (504, 4),
        ["NOT_FOUND"] = (404, 5),
        ["ALREADY_EXISTS"] = (409, 6),
        ["PERMISSION_DENIED"] = (403, 7),
        ["RESOURCE_EXHAUSTED"] = (429, 8),
        ["FAILED_PRECONDITION"] = (400, 9),
        ["ABORTED"] = (409, 10),
        ["UNIMPLEMENTED"] = (501, 12),
        ["INTERNAL"] = (500, 13),
        ["UNAVAILABLE"] = (503, 14),
        ["UNAUTHENTICATED"] = (401, 16),
    };

    /// <summary>The number of a code.</summary>
    public static int NumberOf(string status) => Codes.TryGetValue(status, out var code) ? code.Rpc : 2;

    /// <summary>All codes.</summary>
    public static IReadOnlyCollection<string> Names => Codes.Keys;

    /// <summary>The HTTP status of a code.</summary>
    public static int HttpOf(string status) => Codes.TryGetValue(status, out var code) ? code.Http : 500;

    public static Answer Of(string status, string message, params JsonObject[] details) =>
        Of(Codes[status].Http, status, message, details);

    public static Answer Of(int http, string status, string message, params JsonObject[] details)
    {
        var error = new JsonObject { ["code"] = http, ["message"] = message, ["status"] = status };
        if (details.Length > 0)
        {
            error["details"] = new JsonArray([.. details]);
        }

        return new Answer(http, new JsonObject { ["error"] = error });
    }

    public static JsonObject ErrorInfo(string reason, string domain, JsonObject? metadata = null)
    {
        var detail = new JsonObject { ["@type"] = "type.googleapis.com/google.rpc.ErrorInfo", ["reason"] = reason, ["domain"] = domain };
        if (metadata is not null)
        {
            detail["metadata"] = metadata;
        }

        return detail;
    }

    public static JsonObject ResourceInfo(string name) =>
        new() { ["@type"] = "type.googleapis.com/google.rpc.ResourceInfo", ["resourceName"] = name };

    public static JsonObject BadFields(params (string Field, string Description)[] violations) => new()
    {
        ["@type"] = "type.googleapis.com/google.rpc.BadRequest",
        ["fieldViolations"] = new JsonArray([.. violations.Select(violation => violation.Field.Length == 0
            ? new JsonObject { ["description"] = violation.Description }
            : new JsonObject { ["field"] = violation.Field, ["description"] = violation.Description })]),
    };

    public static JsonObject RetryInfo(int seconds) =>
        new() { ["@type"] = "type.googleapis.com/google.rpc.RetryInfo", ["retryDelay"] = $"{seconds}s" };

    public static JsonObject PreconditionFailure(string type, string subject, string? description = null)
    {
        var violation = new JsonObject { ["type"] = type, ["subject"] = subject };
        if (description is not null)
        {
            violation["description"] = description;
        }

        return new JsonObject { ["@type"] = "type.googleapis.com/google.rpc.PreconditionFailure", ["violations"] = new JsonArray(violation) };
    }

    public static Answer Invalid(string message) => Of("INVALID_ARGUMENT", message);

    public static Answer Invalid(string field, string description) => Of("INVALID_ARGUMENT", description, BadFields((field, description)));

    public static Answer NotFound(string name) => Of("NOT_FOUND", $"Resource '{name}' was not found", ResourceInfo(name));

    public static Answer Exists(string name) => Of("ALREADY_EXISTS", $"Resource '{name}' already exists", ResourceInfo(name));

    /// <summary>How most APIs refuse who lacks a permission.</summary>
    public static Answer Denied(string permission, string resource, string api) => Of(
        "PERMISSION_DENIED",
        $"Permission '{permission}' denied on '{resource}'",
        ErrorInfo("IAM_PERMISSION_DENIED", $"{api}.googleapis.com", new JsonObject { ["permission"] = permission, ["resource"] = resource }));

    public static Answer NoConsumer(string api, string project) => Of(
        "PERMISSION_DENIED",
        $"Permission denied on resource project {project}.",
        ErrorInfo("CONSUMER_INVALID", "googleapis.com", new JsonObject
        {
            ["service"] = $"{api}.googleapis.com",
            ["consumer"] = $"projects/{project}",
            ["containerInfo"] = project,
        }),
        new JsonObject { ["@type"] = "type.googleapis.com/google.rpc.LocalizedMessage", ["locale"] = "en-US", ["message"] = $"Permission denied on resource project {project}." });

    public static Answer QuotaProjectDenied(string api, string project) => Of(
        "PERMISSION_DENIED",
        $"Caller does not have required permission to use project {project}. Grant the caller the roles/serviceusage.serviceUsageConsumer role, or a custom role with the serviceusage.services.use permission.",
        ErrorInfo("USER_PROJECT_DENIED", "googleapis.com", new JsonObject
        {
            ["service"] = $"{api}.googleapis.com",
            ["consumer"] = $"projects/{project}",
            ["containerInfo"] = project,
        }));

    /// <param name="reason">What is wrong with the token.</param>
    public static Answer Unauthenticated(string reason = "ACCESS_TOKEN_TYPE_UNSUPPORTED") => Of(
        "UNAUTHENTICATED",
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
        ErrorInfo(reason, "googleapis.com"));

    /// <summary>How all APIs refuse who is outside of a service perimeter.</summary>
    /// <param name="api">The API.</param>
    /// <param name="project">The number, or id, of the project within.</param>
    /// <param name="identifier">What the violation is found by in the audit log.</param>
    public static Answer KeptOut(string api, string project, string identifier)
    {
        var violation = new JsonObject { ["type"] = "VPC_SERVICE_CONTROLS", ["description"] = identifier };
        return Of(
            "PERMISSION_DENIED",
            $"Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: {identifier}",
            new JsonObject { ["@type"] = "type.googleapis.com/google.rpc.PreconditionFailure", ["violations"] = new JsonArray(violation) },
            ErrorInfo("SECURITY_POLICY_VIOLATED", "googleapis.com", new JsonObject
            {
                ["service"] = $"{api}.googleapis.com",
                ["uid"] = identifier,
                ["consumer"] = $"projects/{project}",
            }));
    }

    public static Answer NoPermission() => Of("PERMISSION_DENIED", "The caller does not have permission");

    public static Answer ServiceDisabled(string api, string title, long project)
    {
        var url = $"https://console.developers.google.com/apis/api/{api}.googleapis.com/overview?project={project}";
        var message = $"{title} has not been used in project {project} before or it is disabled.";
        return Of(
            "PERMISSION_DENIED",
            $"{message} Enable it by visiting {url} then retry.",
            ErrorInfo("SERVICE_DISABLED", "googleapis.com", new JsonObject
            {
                ["service"] = $"{api}.googleapis.com",
                ["consumer"] = $"projects/{project}",
                ["serviceTitle"] = title,
                ["containerInfo"] = project.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ["activationUrl"] = url,
            }),
            new JsonObject { ["@type"] = "type.googleapis.com/google.rpc.LocalizedMessage", ["locale"] = "en-US", ["message"] = message });
    }
}
