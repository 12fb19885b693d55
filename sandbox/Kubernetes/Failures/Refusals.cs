using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;

namespace MeshWorkflow.Sandbox.Kubernetes.Failures;

/// <summary>The refusals of an API server, in its words.</summary>
internal static class Refusals
{
    public static KubeFailure NotFound(ResourceKind kind, string name) =>
        new(404, "NotFound", $"{kind.GroupResource} \"{name}\" not found", Details(kind.Group, kind.Plural, name));

    /// <summary>There is no such resource, subresource or version.</summary>
    public static KubeFailure NoResource() =>
        new(404, "NotFound", "the server could not find the requested resource", new JsonObject());

    public static KubeFailure NoMethod() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", new JsonObject());

    public static KubeFailure AlreadyExists(ResourceKind kind, string name) =>
        new(409, "AlreadyExists", $"{kind.GroupResource} \"{name}\" already exists", Details(kind.Group, kind.Plural, name));

    public static KubeFailure Conflict(ResourceKind kind, string name, string why) => new(
        409,
        "Conflict",
        $"Operation cannot be fulfilled on {kind.GroupResource} \"{name}\": {why}",
        Details(kind.Group, kind.Plural, name));

    public static KubeFailure Modified(ResourceKind kind, string name) => Conflict(
        kind, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static KubeFailure BadRequest(string message) => new(400, "BadRequest", message);

    public static KubeFailure Forbidden(ResourceKind kind, string name, string why) => new(
        403,
        "Forbidden",
        name.Length == 0 ? $"{kind.GroupResource} is forbidden: {why}" : $"{kind.GroupResource} \"{name}\" is forbidden: {why}",
        Details(kind.Group, kind.Plural, name));

    public static KubeFailure Invalid(ResourceKind kind, string name, IReadOnlyList<FieldMistake> mistakes)
    {
        var details = Details(kind.Group, kind.Kind, name);
        details["causes"] = new JsonArray([.. mistakes.Select(mistake => new JsonObject
        {
            ["reason"] = mistake.Reason,
            ["message"] = mistake.Message,
            ["field"] = mistake.Field,
        })]);
        var texts = mistakes.Select(mistake => $"{mistake.Field}: {mistake.Message}").Distinct().ToList();
        var qualified = kind.Group.Length == 0 ? kind.Kind : $"{kind.Kind}.{kind.Group}";
        return new KubeFailure(
            422,
            "Invalid",
            $"{qualified} \"{name}\" is invalid: {(texts.Count == 1 ? texts[0] : $"[{string.Join(", ", texts)}]")}",
            details);
    }

    /// <summary>A caller's options are wrong, such as <c>PatchOptions</c>.</summary>
    public static KubeFailure InvalidOptions(string kind, IReadOnlyList<FieldMistake> mistakes) =>
        Invalid(new ResourceKind("meta.k8s.io", "", kind, false) { Versions = [] }, "", mistakes);

    /// <summary>What is to be deleted isn't the one that is meant.</summary>
    public static KubeFailure NotTheOne(ResourceKind kind, string name, string why) => new(
        409,
        "Conflict",
        $"Operation cannot be fulfilled on {(kind.Group.Length == 0 ? kind.Kind : $"{kind.Kind}.{kind.Group}")} \"{name}\": {why}",
        Details(kind.Group, kind.Kind, name));

    /// <summary>A patched object is none of its kind.</summary>
    public static KubeFailure InvalidPatch(JsonObject patched, string why)
    {
        var message = $"Invalid value: {JsonValue.Create(patched.ToJsonString()).ToJsonString()}: {why}";
        return new KubeFailure(422, "Invalid", $" \"\" is invalid: patch: {message}", new JsonObject
        {
            ["causes"] = new JsonArray(new JsonObject { ["reason"] = "FieldValueInvalid", ["message"] = message, ["field"] = "patch" }),
        });
    }

    public static KubeFailure Expired(string message) => new(410, "Expired", message);

    /// <summary>The caller wants what is yet to come.</summary>
    public static KubeFailure TooLargeVersion(long wanted, long current) => new(
        504,
        "Timeout",
        $"Timeout: Too large resource version: {wanted}, current: {current}",
        new JsonObject
        {
            ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ResourceVersionTooLarge", ["message"] = "Too large resource version" }),
            ["retryAfterSeconds"] = 1,
        });

    public static KubeFailure Internal(string message) => new(
        500,
        "InternalError",
        $"Internal error occurred: {message}",
        new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["message"] = message }) });

    public static KubeFailure WrongType(IEnumerable<string> accepted) => new(
        415,
        "UnsupportedMediaType",
        $"the body of the request was in an unknown format - accepted media types include: {string.Join(", ", accepted)}");

    public static KubeFailure NotAcceptable(IEnumerable<string> offered) => new(
        406, "NotAcceptable", $"only the following media types are accepted: {string.Join(", ", offered)}", new JsonObject());

    public static KubeFailure TooManyRequests(string message, int seconds) => new(
        429, "TooManyRequests", message, new JsonObject { ["retryAfterSeconds"] = seconds });

    public static KubeFailure Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    public static JsonObject Details(string group, string kind, string name)
    {
        var details = new JsonObject();
        if (name.Length > 0)
        {
            details["name"] = name;
        }

        if (group.Length > 0)
        {
            details["group"] = group;
        }

        if (kind.Length > 0)
        {
            details["kind"] = kind;
        }

        return details;
    }
}
