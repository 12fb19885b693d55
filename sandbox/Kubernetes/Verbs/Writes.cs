using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.ManagedFields;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Requests;
using MeshWorkflow.Sandbox.Kubernetes.Storage;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Kubernetes.Verbs;

/// <summary>Creates, updates and patches.</summary>
internal sealed class Writes(ClusterState cluster, Reads reads)
{
    private static readonly string[] CustomPatches =
        ["application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml"];

    private static readonly string[] Patches = [.. CustomPatches, "application/strategic-merge-patch+json"];

    public Answer Create(KubeRequest request)
    {
        var body = request.Body();
        ObjectIdentity.Complete(request, body);
        var facts = request.Facts();
        return Create(request, Incoming.Read(request, body, facts), facts);
    }

    public Answer Update(KubeRequest request)
    {
        var body = request.Body();
        ObjectIdentity.Complete(request, body);
        if (cluster.Store.Find(request.Kind, request.Namespace, request.Name) is { } current)
        {
            return Update(request, current, body);
        }

        return request.Kind.MayCreateOnUpdate && request.Path.Subresource.Length == 0
            ? Create(request)
            : throw Refusals.NotFound(request.Kind, request.Name);
    }

    public Answer Patch(KubeRequest request)
    {
        if (request.Http.ContentType == "application/apply-patch+yaml")
        {
            return Apply(request);
        }

        var current = reads.Find(request);
        var shown = Shown.In(request.Kind, request.Version, current);
        var patched = request.Http.ContentType switch
        {
            "application/json-patch+json" => JsonPatch.Apply(shown, Bodies.Read(request.Http)),
            "application/merge-patch+json" => MergePatch.Apply(shown, Bodies.Read(request.Http)),
            "application/strategic-merge-patch+json" when !request.Kind.IsCustom =>
                StrategicPatch.Apply(request.Version.Schema, shown, Bodies.Read(request.Http)),
            _ => throw Refusals.WrongType(request.Kind.IsCustom ? CustomPatches : Patches),
        };
        ObjectIdentity.Complete(request, patched);
        return Update(request, current, patched);
    }

    private Answer Apply(KubeRequest request)
    {
        var body = (Bodies.Read(request.Http) ?? new JsonObject()) as JsonObject
            ?? throw Refusals.BadRequest("error decoding YAML: the patch is no object");
        Incoming.CheckApplied(request, body);
        if (body.Object("metadata")?["managedFields"] is not null)
        {
            throw Refusals.BadRequest("metadata.managedFields must be nil");
        }

        ObjectIdentity.Complete(request, body);
        var facts = request.Facts() with { IsApply = true };
        var applied = Incoming.Read(request, body, facts);
        var current = cluster.Store.Find(request.Kind, request.Namespace, request.Name);
        if (current is not null && applied.ResourceVersion() is { Length: > 0 } version && version != current.ResourceVersion())
        {
            throw Refusals.Modified(request.Kind, request.Name);
        }

        if (applied.Uid() is { Length: > 0 } uid && uid != current?.Uid())
        {
            throw current is null
                ? Refusals.Conflict(request.Kind, request.Name, $"uid mismatch: the provided object specified uid {uid}, and no existing object was found")
                : Refusals.Invalid(request.Kind, request.Name, [.. MetadataChecks.Changes(current, applied)]);
        }

        var manager = new Manager(
            request.Manager,
            IsApply: true,
            request.Kind.ApiVersion(request.Version),
            request.Path.Subresource,
            new FieldSet(),
            ObjectMeta.Time(cluster.Time.GetUtcNow()));
        var wanted = ServerSideApply.Apply(request.Kind, current, applied, manager, request.Wants("force"));
        if (current is not null)
        {
            return Written(request, cluster.Writer.Update(request.Kind, current, wanted, facts), facts);
        }

        return request.Path.Subresource.Length == 0 ? Create(request, wanted, facts) : throw Refusals.NotFound(request.Kind, request.Name);
    }

    private Answer Create(KubeRequest request, JsonObject wanted, WriteFacts facts) =>
        Written(request, cluster.Writer.Create(request.Kind, wanted, facts), facts, 201);

    private Answer Update(KubeRequest request, JsonObject current, JsonObject wanted)
    {
        var facts = request.Facts();
        return Written(request, cluster.Writer.Update(request.Kind, current, Incoming.Read(request, wanted, facts), facts), facts);
    }

    private static Answer Written(KubeRequest request, JsonObject written, WriteFacts facts, int status = 200) =>
        Shown.One(request, written, status) with { Warnings = facts.Warnings };
}
