using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Requests;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Kubernetes.Verbs;

/// <summary>Creates, updates and patches.</summary>
internal sealed class Writes(ClusterState cluster, Reads reads)
{
    public Answer Create(KubeRequest request)
    {
        var body = request.Body();
        ObjectIdentity.Complete(request, body);
        var facts = request.Facts();
        var made = cluster.Writer.Create(request.Kind, Stored(request, body), facts);
        return Shown.One(request, made, 201) with { Warnings = facts.Warnings };
    }

    public Answer Update(KubeRequest request)
    {
        var body = request.Body();
        ObjectIdentity.Complete(request, body);
        if (cluster.Store.Find(request.Kind, request.Namespace, request.Name) is not { } current)
        {
            return request.Kind.MayCreateOnUpdate && request.Path.Subresource.Length == 0
                ? Create(request)
                : throw Refusals.NotFound(request.Kind, request.Name);
        }

        return Update(request, current, body);
    }

    public Answer Patch(KubeRequest request)
    {
        var current = reads.Find(request);
        var shown = Shown.In(request.Kind, request.Version, current);
        var patched = request.Http.ContentType switch
        {
            "application/json-patch+json" => JsonPatch.Apply(shown, Bodies.Read(request.Http)),
            "application/merge-patch+json" => MergePatch.Apply(shown, Bodies.Read(request.Http)),
            _ => throw Refusals.WrongType(["application/json-patch+json", "application/merge-patch+json"]),
        };
        ObjectIdentity.Complete(request, patched);
        return Update(request, current, patched);
    }

    private static JsonObject Stored(KubeRequest request, JsonObject body)
    {
        body["apiVersion"] = request.Kind.ApiVersion(request.Kind.Storage);
        return body;
    }

    private Answer Update(KubeRequest request, JsonObject current, JsonObject wanted)
    {
        var facts = request.Facts();
        var updated = cluster.Writer.Update(request.Kind, current, Stored(request, wanted), facts);
        return Shown.One(request, updated) with { Warnings = facts.Warnings };
    }
}
