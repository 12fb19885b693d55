using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Controllers;

/// <summary>The templates that a StatefulSet or DaemonSet had, each kept as a ControllerRevision.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="owners">The kind of those who have templates.</param>
/// <param name="hashLabel">The label by which a revision names its hash.</param>
internal sealed class Revisions(ClusterState cluster, ResourceKind owners, string hashLabel)
{
    private const string Directive = "$patch";
    private static readonly ResourceKind Kind = BuiltinKinds.Find("apps", "controllerrevisions");
    private static readonly WriteFacts Facts = new("kube-controller-manager");

    /// <summary>The hash in a revision's name.</summary>
    public string HashOf(JsonObject revision) => revision.Label(hashLabel) ?? "";

    /// <summary>The template of a revision.</summary>
    public static JsonObject TemplateOf(JsonObject revision)
    {
        var template = revision.Object("data").Object("spec").Object("template")?.Copy() ?? [];
        template.Remove(Directive);
        return template;
    }

    /// <summary>The revision of an owner's template as it is now: made if there is none, and the newest if it is one of before.</summary>
    public JsonObject Newest(JsonObject owner)
    {
        var template = owner.Object("spec").Object("template") ?? [];
        var all = Of(owner);
        var last = all.Count == 0 ? 0 : all.Max(NumberOf);
        if (all.Find(revision => JsonNode.DeepEquals(TemplateOf(revision), template)) is not { } found)
        {
            return cluster.Writer.Create(Kind, Make(owner, template, last + 1), Facts);
        }

        if (NumberOf(found) == last)
        {
            return found;
        }

        var renewed = found.Copy();
        renewed["revision"] = last + 1;
        return cluster.Writer.Update(Kind, found, renewed, Facts);
    }

    public JsonObject? Find(JsonObject owner, string name) => Of(owner).Find(revision => revision.Name() == name);

    /// <summary>Deletes the oldest beyond the owner's limit, but none that is in use.</summary>
    public void Forget(JsonObject owner, IReadOnlySet<string> inUse)
    {
        var limit = (int)(owner.Object("spec").Number("revisionHistoryLimit") ?? 10);
        var idle = Of(owner).Where(revision => !inUse.Contains(revision.Name())).OrderBy(NumberOf).ToList();
        foreach (var revision in idle.Take(Math.Max(0, idle.Count - limit)))
        {
            cluster.Writer.Delete(Kind, revision, new DeleteWish(), Facts);
        }
    }

    private List<JsonObject> Of(JsonObject owner) => [.. cluster.Store.OwnedBy(Kind, owner)];

    private static long NumberOf(JsonObject revision) => revision.Number("revision") ?? 0;

    private JsonObject Make(JsonObject owner, JsonObject template, long number)
    {
        var hash = TemplateHashes.Of(template);
        var labels = template.Object("metadata").Object("labels")?.Copy() ?? [];
        labels[hashLabel] = hash;
        var kept = template.Copy();
        kept[Directive] = "replace";
        return new JsonObject
        {
            ["kind"] = Kind.Kind,
            ["apiVersion"] = Kind.ApiVersion(Kind.Storage),
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{owner.Name()}-{hash}",
                ["namespace"] = owner.Namespace(),
                ["labels"] = labels,
                ["ownerReferences"] = new JsonArray(PodTemplates.Reference(owner, owners)),
            },
            ["data"] = new JsonObject { ["spec"] = new JsonObject { ["template"] = kept } },
            ["revision"] = number,
        };
    }
}
