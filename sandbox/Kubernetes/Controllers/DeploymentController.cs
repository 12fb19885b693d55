using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Events;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Controllers;

/// <summary>Rolls Deployments out: a ReplicaSet per template, pods moved from the old ones to the new one within the limits.</summary>
internal sealed class DeploymentController(ClusterState cluster) : IController
{
    public const string Revision = "deployment.kubernetes.io/revision";
    private static readonly ResourceKind Deployments = BuiltinKinds.Find("apps", "deployments");
    private static readonly ResourceKind Sets = BuiltinKinds.Find("apps", "replicasets");
    private static readonly WriteFacts Facts = new("kube-controller-manager");

    public IEnumerable<ObjectRef> Affected(StoreChange change) => change.Kind.GroupResource switch
    {
        "deployments.apps" => [ObjectRef.To(Deployments, change.Object)],
        "replicasets.apps" => Ownership.OwnerOf(change.Object, Deployments),
        _ => [],
    };

    public void Reconcile(ObjectRef target)
    {
        if (cluster.Store.Find(Deployments, target.Namespace, target.Name) is not { } deployment)
        {
            return;
        }

        if (deployment.IsTerminating())
        {
            WriteStatus(deployment, FindNew(deployment, Owned(deployment)), Owned(deployment));
            return;
        }

        var isPaused = deployment.Object("spec").Flag("paused");
        var latest = isPaused ? FindNew(deployment, Owned(deployment)) : NeedNew(deployment);
        deployment = cluster.Store.Find(Deployments, target.Namespace, target.Name) ?? deployment;
        if (!isPaused && latest is not null)
        {
            Roll(deployment, latest);
            Forget(deployment);
        }

        var sets = Owned(deployment);
        WriteStatus(deployment, FindNew(deployment, sets), sets);
    }

    private List<JsonObject> Owned(JsonObject deployment) => [.. cluster.Store.OwnedBy(Sets, deployment)];

    private static JsonObject? FindNew(JsonObject deployment, IEnumerable<JsonObject> sets) =>
        sets.FirstOrDefault(set => TemplateHashes.SameTemplate(deployment, set));

    private JsonObject NeedNew(JsonObject deployment)
    {
        var sets = Owned(deployment);
        var last = sets.Count == 0 ? 0 : sets.Max(RevisionOf);
        var found = FindNew(deployment, sets);
        var revision = found is null ? last + 1 : RevisionOf(found) < last ? last + 1 : RevisionOf(found);
        var latest = found is null ? Create(deployment, revision) : Annotated(Sets, found, revision);
        Annotated(Deployments, deployment, revision);
        return latest;
    }

    private static int RevisionOf(JsonObject set) =>
        int.TryParse(set.Annotation(Revision), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private JsonObject Annotated(ResourceKind kind, JsonObject found, int revision)
    {
        var wanted = found.Copy();
        wanted.SetAnnotation(Revision, revision.ToString(CultureInfo.InvariantCulture));
        return cluster.Writer.Update(kind, found, wanted, Facts);
    }

    private JsonObject Create(JsonObject deployment, int revision)
    {
        var set = TemplateHashes.ReplicaSet(deployment, PodTemplates.Reference(deployment, Deployments));
        set.SetAnnotation(Revision, revision.ToString(CultureInfo.InvariantCulture));
        return cluster.Writer.Create(Sets, set, Facts);
    }

    private void Roll(JsonObject deployment, JsonObject latest)
    {
        var spec = deployment.Object("spec");
        var replicas = (int)(spec.Number("replicas") ?? 1);
        var old = Owned(deployment).Where(set => set.Uid() != latest.Uid()).ToList();
        if (spec.Object("strategy").Text("type") == "Recreate")
        {
            old.ForEach(set => Scale(set, 0));
            if (old.All(set => (set.Object("status").Number("replicas") ?? 0) == 0))
            {
                Scale(latest, replicas);
            }

            return;
        }

        var limits = RolloutLimits.Of(deployment, replicas);
        var total = Owned(deployment).Sum(Wanted);
        var up = Math.Min(replicas + limits.MaxSurge - total, replicas - Wanted(latest));
        if (up != 0 && (up > 0 || Wanted(latest) > replicas))
        {
            latest = Scale(latest, Wanted(latest) > replicas ? replicas : Wanted(latest) + up);
        }

        ScaleDown(old, latest, replicas - limits.MaxUnavailable);
    }

    private void ScaleDown(List<JsonObject> old, JsonObject latest, int minimum)
    {
        var newUnavailable = Wanted(latest) - Available(latest);
        var spare = old.Sum(Wanted) + Wanted(latest) - minimum - newUnavailable;
        foreach (var set in old.Where(set => Wanted(set) > 0))
        {
            // What isn't available is missed by nobody.
            var dead = Math.Min(spare, Wanted(set) - Available(set));
            if (dead > 0)
            {
                spare -= dead;
                Scale(set, Wanted(set) - dead);
            }
        }

        var extra = old.Sum(Available) + Available(latest) - minimum;
        foreach (var set in old.Select(set => cluster.Store.Find(Sets, set.Namespace(), set.Name()) ?? set).Where(set => Wanted(set) > 0))
        {
            var down = Math.Min(Math.Min(extra, spare), Wanted(set));
            if (down > 0)
            {
                (extra, spare) = (extra - down, spare - down);
                Scale(set, Wanted(set) - down);
            }
        }
    }

    private JsonObject Scale(JsonObject set, int replicas)
    {
        var current = cluster.Store.Find(Sets, set.Namespace(), set.Name()) ?? set;
        var wanted = current.Copy();
        wanted.Need("spec")["replicas"] = replicas;
        var updated = cluster.Writer.Update(Sets, current, wanted, Facts);
        Tell(current, Wanted(current), replicas);
        return updated;
    }

    private void Tell(JsonObject set, int from, int to)
    {
        if (from != to && cluster.Store.Find(Deployments, set.Namespace(), set.ControllerReference().Text("name")) is { } deployment)
        {
            cluster.Events.Tell(EventReporter.Deployments, Deployments, deployment, new Happening(
                "ScalingReplicaSet", $"Scaled {(to > from ? "up" : "down")} replica set {set.Name()} from {from} to {to}"));
        }
    }

    private void Forget(JsonObject deployment)
    {
        var limit = (int)(deployment.Object("spec").Number("revisionHistoryLimit") ?? 10);
        var idle = Owned(deployment)
            .Where(set => Wanted(set) == 0 && (set.Object("status").Number("replicas") ?? 0) == 0 && !TemplateHashes.SameTemplate(deployment, set))
            .OrderBy(RevisionOf).ToList();
        foreach (var set in idle.Take(Math.Max(0, idle.Count - limit)))
        {
            cluster.Writer.Delete(Sets, set, new DeleteWish(), Facts);
        }
    }

    private void WriteStatus(JsonObject deployment, JsonObject? latest, List<JsonObject> sets)
    {
        var wanted = deployment.Copy();
        wanted["status"] = DeploymentStatus.Of(deployment, latest, sets, cluster.Time.GetUtcNow());
        cluster.Writer.Update(Deployments, deployment, wanted, Facts with { Subresource = "status" });
        if (DeploymentStatus.Deadline(wanted) is { } deadline && deadline > cluster.Time.GetUtcNow())
        {
            var target = ObjectRef.To(Deployments, deployment);
            cluster.LookAgain(this, target, deadline - cluster.Time.GetUtcNow());
        }
    }

    private static int Wanted(JsonObject set) => (int)(set.Object("spec").Number("replicas") ?? 0);

    private static int Available(JsonObject set) => (int)(set.Object("status").Number("availableReplicas") ?? 0);
}
