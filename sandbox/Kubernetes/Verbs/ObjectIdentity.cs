using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
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

        if (request.Name.Length > 0)
        {
            metadata["name"] = request.Name;
        }

        if (!request.Kind.IsNamespaced)
        {
            metadata.Remove("namespace");
        }
        else if (metadata.Text("namespace") is { Length: > 0 } ns && ns != request.Namespace)
        {
            throw Refusals.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
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
        if (body.Kind().Length == 0)
        {
            body["kind"] = kind;
        }

        if (body.ApiVersion().Length == 0)
        {
            body["apiVersion"] = version;
        }

        if (body.Kind() != kind || body.ApiVersion() != version)
        {
            throw Refusals.BadRequest(
                $"{body.Kind()} in version \"{body.ApiVersion().Split('/')[^1]}\" cannot be handled as a {kind}: no kind \"{body.Kind()}\" is registered for version \"{version}\" in scheme");
        }
    }
}
