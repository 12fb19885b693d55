using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Requests;
using MeshWorkflow.Sandbox.Kubernetes.Storage;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Kubernetes.Verbs;

/// <summary>Deletes one object, or many.</summary>
internal sealed class Deletes(ClusterState cluster, Reads reads)
{
    // These are answered with the object that was, the others with a Status.
    private static readonly HashSet<string> Returned = new(StringComparer.Ordinal)
    {
        "services", "serviceaccounts", "persistentvolumeclaims", "persistentvolumes", "podtemplates", "resourcequotas", "pods",
    };

    public Answer One(KubeRequest request)
    {
        var wish = DeleteWish.Read(request.Http);
        var facts = request.Facts() with { IsDryRun = wish.IsDryRun };
        var (last, isGone) = cluster.Writer.Delete(request.Kind, reads.Find(request), wish, facts);
        if (isGone && !Returned.Contains(request.Kind.GroupResource))
        {
            return new Answer(200, Success(request.Kind, last));
        }

        return Shown.One(request, last);
    }

    /// <summary>Deletes a pod because a drain, say, asked for it.</summary>
    public void Evict(KubeRequest request, JsonObject pod)
    {
        var wish = DeleteWish.Read(request.Body().Object("deleteOptions")?.Copy() ?? []);
        cluster.Writer.Delete(request.Kind, pod, wish, request.Facts() with { Subresource = "", IsDryRun = wish.IsDryRun || request.IsDryRun });
    }

    public Answer Many(KubeRequest request)
    {
        var wish = DeleteWish.Read(request.Http);
        var wanted = Selection.Read(request);
        var facts = request.Facts() with { IsDryRun = wish.IsDryRun };
        var found = cluster.Store.List(request.Kind, request.Within).Where(wanted.Fits).ToList();
        var last = found.Select(item => cluster.Writer.Delete(request.Kind, item, wish, facts).Last).ToList();
        return Shown.Many(request, last, new JsonObject { ["resourceVersion"] = cluster.Store.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture) });
    }

    private static JsonObject Success(ResourceKind kind, JsonObject last) => new()
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = "Success",
        ["details"] = DetailsOf(kind, last),
    };

    private static JsonObject DetailsOf(ResourceKind kind, JsonObject last)
    {
        var details = Refusals.Details(kind.Group, kind.Plural, last.Name());
        details["uid"] = last.Uid();
        return details;
    }
}
