using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Requests;
using MeshWorkflow.Sandbox.Kubernetes.Schemas;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Verbs;

/// <summary>Takes in what a caller sent: decoded by its version's type, and as it is stored.</summary>
internal static class Incoming
{
    /// <exception cref="KubeFailure">A value is of a wrong type, or a field unknown and the caller strict.</exception>
    public static JsonObject Read(KubeRequest request, JsonObject body, WriteFacts facts)
    {
        Decode(request, body, facts);
        Emptiness.Drop(request.Version.Schema, body);
        return Conversions.ToStorage(request.Kind, request.Version, body);
    }

    /// <summary>Checks what only who applies has to say: the version and the kind.</summary>
    /// <exception cref="KubeFailure">They are missing.</exception>
    public static void CheckApplied(KubeRequest request, JsonObject body)
    {
        if (body.ApiVersion() != request.Kind.ApiVersion(request.Version))
        {
            throw WrongVersion(request, body.ApiVersion());
        }

        if (body.Kind().Length == 0)
        {
            throw Untyped($": no corresponding type for {request.Kind.Group}/{request.Version.Name}, Kind=");
        }
    }

    public static KubeFailure WrongVersion(KubeRequest request, string version) => Refusals.BadRequest(
        $"Incorrect version specified in apply patch. Specified patch version: {version}, expected: {request.Kind.ApiVersion(request.Version)}");

    private static void Decode(KubeRequest request, JsonObject body, WriteFacts facts)
    {
        var decoding = Decoding.Of(request.Version.Schema, body);
        if (decoding.Mistake is { } mistake)
        {
            throw Refuse(request, body, mistake);
        }

        if (decoding.Unknown.Count == 0)
        {
            return;
        }

        if (facts.IsApply)
        {
            throw Untyped($" ({request.Namespace}/{request.Name}; {request.Kind.ApiVersion(request.Version)}, Kind={request.Kind.Kind}): .{decoding.Unknown[0]}: field not declared in schema");
        }

        var unknown = decoding.Unknown.Select(field => $"unknown field \"{field}\"").ToList();
        switch (facts.Validation)
        {
            case "Strict":
                throw Refuse(request, body, $"strict decoding error: {string.Join(", ", unknown)}");
            case "Warn" or "":
                facts.Warnings.AddRange(unknown);
                break;
        }
    }

    private static KubeFailure Untyped(string why) => new(500, "", $"failed to create typed patch object{why}");

    // What is sent as a whole, what a patch would make, and what is applied are each refused in another way.
    private static KubeFailure Refuse(KubeRequest request, JsonObject body, string why)
    {
        if (request.IsApply)
        {
            return Untyped($" ({request.Namespace}/{request.Name}; {request.Kind.ApiVersion(request.Version)}, Kind={request.Kind.Kind}): {why}");
        }

        return request.Verb == "patch"
            ? Refusals.InvalidPatch(body, why)
            : Refusals.BadRequest($"{request.Kind.Kind} in version \"{request.Version.Name}\" cannot be handled as a {request.Kind.Kind}: {why}");
    }
}
