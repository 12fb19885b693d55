using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Requests;

namespace MeshWorkflow.Sandbox.Kubernetes.Verbs;

/// <summary>Holds what an object says of itself against the path that it was sent to.</summary>
internal static class ObjectIdentity
{
    /// <summary>Checks, and fills in what the path says.</summary>
    /// <exception cref="KubeFailure">They contradict each other.</exception>
    public static void Complete(KubeRequest request, JsonObject body)
    {
        CheckKind(request, body);
        var metadata = body.Metadata();
        if (request.Name.Length > 0 && metadata.Text("name") is { Length: > 0 } name && name != request.Name)
        {
            throw Refusals.BadRequest($"the name of the object ({name}) does not match the name on the URL ({request.Name})");
        }

        if (request.IsApply)
        {
            metadata["name"] = request.Name;
        }
        else if (request.Name.Length > 0 && metadata.Text("name").Length == 0)
        {
            throw Refusals.BadRequest($"the name of the object ({request.Name} based on URL) was undeterminable: name must be provided");
        }

        if (!request.Kind.IsNamespaced)
        {
            metadata.Remove("namespace");
        }
        else if (metadata.Text("namespace") is { Length: > 0 } ns && ns != request.Namespace)
        {
            throw Refusals.BadRequest(request.Verb == "create"
                ? "the namespace of the provided object does not match the namespace sent on the request"
                : $"the namespace of the object ({ns}) does not match the namespace on the request ({request.Namespace})");
        }
        else
        {
            metadata["namespace"] = request.Namespace;
        }

        if (metadata.Text("name").Length == 0 && metadata.Text("generateName").Length == 0)
        {
            throw Refusals.Invalid(request.Kind, "", [FieldMistake.Required("metadata.name", "name or generateName is required")]);
        }
    }

    private static void CheckKind(KubeRequest request, JsonObject body)
    {
        var (kind, version) = (request.Kind.Kind, request.Kind.ApiVersion(request.Version));
        if (request.Kind.IsCustom && !request.IsApply)
        {
            CheckCustom(request, body, kind, version);
        }

        if (body.Kind().Length == 0)
        {
            body["kind"] = kind;
        }

        if (body.ApiVersion().Length == 0)
        {
            body["apiVersion"] = version;
        }

        if (body.Kind() == kind && body.ApiVersion() == version)
        {
            return;
        }

        if (request.IsApply)
        {
            throw body.ApiVersion() == version
                ? new KubeFailure(500, "", "failed to merge config: expected objects of the same type")
                : Incoming.WrongVersion(request, body.ApiVersion());
        }

        var why = body.ApiVersion() == version && BuiltinKinds.All.Any(known => known.Kind == body.Kind() && known.Group == request.Kind.Group)
            ? $"converting ({request.Version.Name}.{body.Kind()}) to ({request.Version.Name}.{kind}): unknown conversion"
            : $"no kind \"{body.Kind()}\" is registered for version \"{body.ApiVersion()}\" in scheme";
        throw request.Verb == "patch"
            ? Refusals.InvalidPatch(body, why)
            : Refusals.BadRequest($"{body.Kind()} in version \"{body.ApiVersion().Split('/')[^1]}\" cannot be handled as a {kind}: {why}");
    }

    // What a definition brought has to say of itself what it is.
    private static void CheckCustom(KubeRequest request, JsonObject body, string kind, string version)
    {
        if (body.Kind().Length == 0)
        {
            throw Refusals.BadRequest($"{kind} in version \"{request.Version.Name}\" cannot be handled as a {kind}: Object 'Kind' is missing");
        }

        if (body.ApiVersion() != version)
        {
            throw Refusals.BadRequest($"the API version in the data ({body.ApiVersion()}) does not match the expected API version ({version})");
        }

        if (body.Kind() != kind)
        {
            throw Refusals.Invalid(
                request.Kind with { Kind = body.Kind() }, body.Name(), [FieldMistake.Invalid("kind", $"\"{body.Kind()}\"", $"must be {kind}")]);
        }
    }
}
