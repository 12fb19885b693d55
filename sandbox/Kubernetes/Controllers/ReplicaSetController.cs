using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Events;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Pods;
using MeshWorkflow.Sandbox.Kubernetes.Storage;
using MeshWorkflow.Sandbox.Kubernetes.Verbs;

namespace MeshWorkflow.Sandbox.Kubernetes.Controllers;

/// <summary>Keeps as many pods as a ReplicaSet wants.</summary>
internal sealed class ReplicaSetController(ClusterState cluster) : IController
{
    private static readonly ResourceKind Sets = BuiltinKinds.Find("apps", "replicasets");
    private static readonly ResourceKind Pods = BuiltinKinds.Find("", "pods");
    private static readonly WriteFacts Facts = new("kube-controller-manager");

    public IEnumerable<ObjectRef> Affected(StoreChange change) => change.Kind.GroupResource switch
    {
        "replicasets.apps" => [ObjectRef.To(Sets, change.Object)],
        "pods" => Ownership.OwnerOf(change.Object, Sets),
        _ => [],
    };

    public void Reconcile(ObjectRef target)
    {
        if (cluster.Store.Find(Sets, target.Namespace, target.Name) is not { } set)
        {
            return;
        }

        var pods = Owned(set);
        KubeFailure? refused = null;
        if (!set.IsTerminating())
        {
            try
            {
                Count(set, pods);
            }
            catch (KubeFailure failure)
            {
                refused = failure;
                Tell(set, Happening.Warning("FailedCreate", $"Error creating: {failure.Message}"));
            }

            pods = Owned(set);
        }

        WriteStatus(set, pods, refused);
        if (refused is not null)
        {
            // The set says why, and tries again.
            throw refused;
        }
    }

    private List<JsonObject> Owned(JsonObject set) => [.. cluster.Store.OwnedBy(Pods, set).Where(PodFacts.IsActive)];

    private void Count(JsonObject set, List<JsonObject> pods)
    {
        var missing = (int)(set.Object("spec").Number("replicas") ?? 1) - pods.Count;
        for (var i = 0; i < missing; i++)
        {
            var made = cluster.Writer.Create(Pods, PodTemplates.Pod(set, Sets), Facts);
            Tell(set, new Happening("SuccessfulCreate", $"Created pod: {made.Name()}"));
        }

        // Those that aren't ready go first, then the youngest.
        var spare = pods.OrderBy(PodFacts.IsReady).ThenByDescending(pod => pod.Object("metadata").Text("creationTimestamp"), StringComparer.Ordinal);
        foreach (var pod in spare.Take(Math.Max(0, -missing)))
        {
            cluster.Writer.Delete(Pods, pod, new DeleteWish(), Facts);
            Tell(set, new Happening("SuccessfulDelete", $"Deleted pod: {pod.Name()}"));
        }
    }

    private void Tell(JsonObject set, Happening happened) => cluster.Events.Tell(EventReporter.ReplicaSets, Sets, set, happened);

    private void WriteStatus(JsonObject set, List<JsonObject> pods, KubeFailure? refused)
    {
        var now = cluster.Time.GetUtcNow();
        var labels = LabelSelector.Of(set.Object("spec").Object("template").Object("metadata").Entries("labels"));
        var wanted = set.Copy();
        var status = wanted.Need("status");
        status["replicas"] = pods.Count;
        status.SetCount("fullyLabeledReplicas", pods.Count(pod => labels.Fits(pod.Labels())));
        status.SetCount("readyReplicas", pods.Count(PodFacts.IsReady));
        status.SetCount("availableReplicas", pods.Count(pod => PodFacts.IsAvailable(pod, set, now)));
        status["observedGeneration"] = set.Object("metadata").Number("generation") ?? 1;
        if (refused is not null)
        {
            Conditions.Set(status, now, ReplicaFailure, true, "FailedCreate", refused.Message);
        }
        else if (status["conditions"] is JsonArray conditions)
        {
            conditions.RemoveAll(condition => condition.Text("type") == ReplicaFailure);
            if (conditions.Count == 0)
            {
                status.Remove("conditions");
            }
        }

        cluster.Writer.Update(Sets, set, wanted, Facts with { Subresource = "status" });
        var wait = PodFacts.WaitOf(set);
        if (wait > TimeSpan.Zero && pods.Exists(pod => PodFacts.ReadySince(pod) is not null && !PodFacts.IsAvailable(pod, set, now)))
        {
            var target = ObjectRef.To(Sets, set);
            cluster.Scheduler.After(wait, () => Reconcile(target));
        }
    }

    /// <summary>The condition of a set that may not make its pods.</summary>
    public const string ReplicaFailure = "ReplicaFailure";
}
