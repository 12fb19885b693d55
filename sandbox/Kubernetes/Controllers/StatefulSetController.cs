using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Events;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Pods;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Controllers;

/// <summary>Keeps the numbered pods of StatefulSets: made from the first to the last, replaced and taken away from the last to the first.</summary>
internal sealed class StatefulSetController(ClusterState cluster) : IController
{
    private static readonly ResourceKind Sets = BuiltinKinds.Find("apps", "statefulsets");
    private static readonly ResourceKind PodKind = BuiltinKinds.Find("", "pods");
    private static readonly EventReporter Reporter = new("statefulset-controller");
    private static readonly WriteFacts Facts = new("kube-controller-manager");
    private readonly Revisions _revisions = new(cluster, Sets, "controller.kubernetes.io/hash");
    private readonly StatefulPods _pods = new(cluster);

    public IEnumerable<ObjectRef> Affected(StoreChange change) => change.Kind.GroupResource switch
    {
        "statefulsets.apps" => [ObjectRef.To(Sets, change.Object)],
        "pods" => Ownership.OwnerOf(change.Object, Sets),
        _ => [],
    };

    public void Reconcile(ObjectRef target)
    {
        if (cluster.Store.Find(Sets, target.Namespace, target.Name) is not { } set || set.IsTerminating())
        {
            return;
        }

        var latest = _revisions.Newest(set);
        var current = _revisions.Find(set, set.Object("status").Text("currentRevision")) ?? latest;
        try
        {
            Step(set, current, latest);
        }
        finally
        {
            WriteStatus(set, current, latest);
        }

        _revisions.Forget(set, Owned(set).Select(RevisionOf).Append(current.Name()).Append(latest.Name()).ToHashSet(StringComparer.Ordinal));
    }

    private List<JsonObject> Owned(JsonObject set) =>
        [.. cluster.Store.OwnedBy(PodKind, set).Where(pod => StatefulPods.NumberOf(pod) is not null).OrderBy(StatefulPods.NumberOf)];

    private static string RevisionOf(JsonObject pod) => pod.Label(StatefulPods.RevisionLabel) ?? "";

    private static bool IsOrdered(JsonObject set) => set.Object("spec").Text("podManagementPolicy") != "Parallel";

    private static int First(JsonObject set) => (int)(set.Object("spec").Object("ordinals").Number("start") ?? 0);

    private static int Replicas(JsonObject set) => (int)(set.Object("spec").Number("replicas") ?? 1);

    private static int Partition(JsonObject set) => (int)(set.Object("spec").Object("updateStrategy").Object("rollingUpdate").Number("partition") ?? 0);

    private void Step(JsonObject set, JsonObject current, JsonObject latest)
    {
        if (Fill(set, current, latest) && TakeAway(set) && set.Object("spec").Object("updateStrategy").Text("type") != "OnDelete")
        {
            Replace(set, latest);
        }
    }

    // Whether all are there; in order, one waits for the one before.
    private bool Fill(JsonObject set, JsonObject current, JsonObject latest)
    {
        var pods = Owned(set).ToDictionary(pod => StatefulPods.NumberOf(pod) ?? 0);
        var isFull = true;
        for (var number = First(set); number < First(set) + Replicas(set); number++)
        {
            var pod = pods.GetValueOrDefault(number);
            if (pod is not null && pod.Object("status").Text("phase") is "Failed" or "Succeeded" && !pod.IsTerminating())
            {
                Delete(set, pod);
            }
            else if (pod is null)
            {
                pod = _pods.Create(set, number, number < First(set) + Partition(set) ? current : latest);
                Tell(set, "SuccessfulCreate", $"create Pod {pod.Name()} in StatefulSet {set.Name()} successful");
            }

            if (!IsWell(set, pod))
            {
                isFull = false;
                if (IsOrdered(set))
                {
                    return false;
                }
            }
        }

        return isFull || !IsOrdered(set);
    }

    // Whether nothing is to go any more.
    private bool TakeAway(JsonObject set)
    {
        var spare = Owned(set).Where(pod => StatefulPods.NumberOf(pod) is { } number && (number < First(set) || number >= First(set) + Replicas(set))).Reverse().ToList();
        foreach (var pod in IsOrdered(set) ? spare.Take(1) : spare)
        {
            if (!pod.IsTerminating())
            {
                Delete(set, pod);
            }
        }

        return spare.Count == 0;
    }

    private void Replace(JsonObject set, JsonObject latest)
    {
        foreach (var pod in Owned(set).AsEnumerable().Reverse().TakeWhile(pod => StatefulPods.NumberOf(pod) >= First(set) + Partition(set)))
        {
            if (RevisionOf(pod) != latest.Name() && !pod.IsTerminating())
            {
                Delete(set, pod);
                return;
            }

            if (!IsWell(set, pod))
            {
                return;
            }
        }
    }

    private bool IsWell(JsonObject set, JsonObject pod) => !pod.IsTerminating() && PodFacts.IsAvailable(pod, set, cluster.Time.GetUtcNow());

    private void Delete(JsonObject set, JsonObject pod)
    {
        cluster.Writer.Delete(PodKind, pod, new DeleteWish(), Facts);
        Tell(set, "SuccessfulDelete", $"delete Pod {pod.Name()} in StatefulSet {set.Name()} successful");
    }

    private void Tell(JsonObject set, string reason, string message) => cluster.Events.Tell(Reporter, Sets, set, new Happening(reason, message));

    private void WriteStatus(JsonObject set, JsonObject current, JsonObject latest)
    {
        var pods = Owned(set).Where(pod => pod.Object("status").Text("phase") is not ("Failed" or "Succeeded")).ToList();
        var (ready, updated) = (pods.Count(PodFacts.IsReady), pods.Count(pod => RevisionOf(pod) == latest.Name() && !pod.IsTerminating()));
        var isDone = set.Object("spec").Object("updateStrategy").Text("type") != "OnDelete"
            && updated == Replicas(set) && ready == Replicas(set) && pods.Count == Replicas(set);
        var revision = isDone ? latest.Name() : current.Name();
        var status = new JsonObject { ["observedGeneration"] = set.Object("metadata").Number("generation") ?? 1, ["replicas"] = pods.Count };
        status.SetCount("readyReplicas", ready);
        status.SetCount("currentReplicas", pods.Count(pod => RevisionOf(pod) == revision && !pod.IsTerminating()));
        status.SetCount("updatedReplicas", updated);
        status["currentRevision"] = revision;
        status["updateRevision"] = latest.Name();
        status["collisionCount"] = 0;
        status["availableReplicas"] = pods.Count(pod => IsWell(set, pod));
        if (set.Object("status")?["conditions"] is { } conditions)
        {
            status["conditions"] = conditions.DeepClone();
        }

        var wanted = set.Copy();
        wanted["status"] = status;
        cluster.Writer.Update(Sets, set, wanted, Facts with { Subresource = "status" });
        if (pods.Exists(pod => PodFacts.IsReady(pod) && !pod.IsTerminating() && !IsWell(set, pod)))
        {
            cluster.LookAgain(this, ObjectRef.To(Sets, set), TimeSpan.FromSeconds(1));
        }
    }
}
