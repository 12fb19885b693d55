using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
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
        return Conversions.ToStorage(request.Kind, request.Version, body);
    }

    private static void Decode(KubeRequest request, JsonObject body, WriteFacts facts)
    {
        var decoding = Decoding.Of(request.Version.Schema, body);
        if (decoding.Mistake is { } mistake)
        {
            throw Refuse(request, mistake);
        }

        if (decoding.Unknown.Count == 0)
        {
            return;
        }

        var unknown = decoding.Unknown.Select(field => $"unknown field \"{field}\"").ToList();
        switch (facts.Validation)
        {
            case "Strict":
                throw Refuse(request, $"strict decoding error: {string.Join(", ", unknown)}");
            case "Warn":
                facts.Warnings.AddRange(unknown);
                break;
        }
    }

    private static KubeFailure Refuse(KubeRequest request, string why) => Refusals.BadRequest(
        $"{request.Kind.Kind} in version \"{request.Version.Name}\" cannot be handled as a {request.Kind.Kind}: {why}");
}
