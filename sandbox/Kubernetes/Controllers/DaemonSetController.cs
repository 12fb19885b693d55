using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Events;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Pods;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Controllers;

/// <summary>Keeps a pod of a DaemonSet on each node that it may run on.</summary>
internal sealed class DaemonSetController(ClusterState cluster) : IController
{
    private const string HashLabel = "controller-revision-hash";
    private static readonly ResourceKind Sets = BuiltinKinds.Find("apps", "daemonsets");
    private static readonly ResourceKind PodKind = BuiltinKinds.Find("", "pods");
    private static readonly ResourceKind NodeKind = BuiltinKinds.Find("", "nodes");
    private static readonly EventReporter Reporter = new("daemonset-controller");
    private static readonly WriteFacts Facts = new("kube-controller-manager");

    // What DaemonSets put up with: they are there for the nodes' sake.
    private static readonly (string Key, string Effect)[] Tolerated =
    [
        ("node.kubernetes.io/not-ready", "NoExecute"), ("node.kubernetes.io/unreachable", "NoExecute"), ("node.kubernetes.io/disk-pressure", "NoSchedule"),
        ("node.kubernetes.io/memory-pressure", "NoSchedule"), ("node.kubernetes.io/pid-pressure", "NoSchedule"), ("node.kubernetes.io/unschedulable", "NoSchedule"),
    ];

    private readonly Revisions _revisions = new(cluster, Sets, HashLabel);

    public IEnumerable<ObjectRef> Affected(StoreChange change) => change.Kind.GroupResource switch
    {
        "daemonsets.apps" => [ObjectRef.To(Sets, change.Object)],
        "nodes" => cluster.Store.List(Sets).Select(set => ObjectRef.To(Sets, set)),
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
        var nodes = cluster.Store.List(NodeKind).Where(node => Placement.WhyNeverOn(Bound(set, latest, node), node) is null).Select(ObjectMeta.Name).ToList();
        try
        {
            Fill(set, latest, nodes);
            if (set.Object("spec").Object("updateStrategy").Text("type") != "OnDelete")
            {
                Replace(set, latest, nodes);
            }
        }
        finally
        {
            WriteStatus(set, latest, nodes);
        }

        var hashes = Owned(set).Select(pod => $"{set.Name()}-{pod.Label(HashLabel)}").Append(latest.Name()).ToHashSet(StringComparer.Ordinal);
        _revisions.Forget(set, hashes);
    }

    private List<JsonObject> Owned(JsonObject set) => [.. cluster.Store.OwnedBy(PodKind, set)];

    // Where a pod is, or is to go.
    private static string NodeOf(JsonObject pod) => pod.Object("spec").Text("nodeName") is { Length: > 0 } node ? node : Placement.OnlyNode(pod);

    private void Fill(JsonObject set, JsonObject latest, List<string> nodes)
    {
        var pods = Owned(set);
        foreach (var pod in pods.Where(pod => !pod.IsTerminating() && (!nodes.Contains(NodeOf(pod)) || pod.Object("status").Text("phase") == "Failed")))
        {
            Delete(set, pod);
        }

        foreach (var node in nodes.Where(node => !pods.Exists(pod => NodeOf(pod) == node)))
        {
            var found = cluster.Store.Find(NodeKind, "", node);
            var made = cluster.Writer.Create(PodKind, Bound(set, latest, found ?? []), Facts);
            Tell(set, "SuccessfulCreate", $"Created pod: {made.Name()}");
        }
    }

    private void Replace(JsonObject set, JsonObject latest, List<string> nodes)
    {
        var pods = Owned(set).Where(pod => nodes.Contains(NodeOf(pod))).ToList();
        var limit = RolloutLimits.Number(set.Object("spec").Object("updateStrategy").Object("rollingUpdate")?["maxUnavailable"] ?? 1, nodes.Count, Math.Ceiling);
        var old = pods.Where(pod => !pod.IsTerminating() && pod.Label(HashLabel) != _revisions.HashOf(latest)).OrderBy(pod => IsAvailable(set, pod)).ToList();
        var missing = nodes.Count - pods.Count(pod => !pod.IsTerminating() && IsAvailable(set, pod));
        foreach (var pod in old)
        {
            // What isn't available is missed by nobody.
            if (IsAvailable(set, pod) && missing++ >= Math.Max(1, limit))
            {
                return;
            }

            Delete(set, pod);
        }
    }

    private JsonObject Bound(JsonObject set, JsonObject revision, JsonObject node)
    {
        var pod = PodTemplates.Pod(set, Sets, Revisions.TemplateOf(revision));
        var labels = pod.Metadata().Need("labels");
        labels[HashLabel] = _revisions.HashOf(revision);
        labels["pod-template-generation"] = (set.Object("metadata").Number("generation") ?? 1).ToString(CultureInfo.InvariantCulture);
        var spec = pod.Need("spec");
        Placement.Bind(spec, node.Name());
        if (spec["tolerations"] is not JsonArray tolerations)
        {
            spec["tolerations"] = tolerations = [];
        }

        foreach (var (key, effect) in Tolerated)
        {
            tolerations.Add(new JsonObject { ["key"] = key, ["operator"] = "Exists", ["effect"] = effect });
        }

        return pod;
    }

    private bool IsAvailable(JsonObject set, JsonObject pod) => PodFacts.IsAvailable(pod, set, cluster.Time.GetUtcNow());

    private void Delete(JsonObject set, JsonObject pod)
    {
        cluster.Writer.Delete(PodKind, pod, new DeleteWish(), Facts);
        Tell(set, "SuccessfulDelete", $"Deleted pod: {pod.Name()}");
    }

    private void Tell(JsonObject set, string reason, string message) => cluster.Events.Tell(Reporter, Sets, set, new Happening(reason, message));

    private void WriteStatus(JsonObject set, JsonObject latest, List<string> nodes)
    {
        var all = Owned(set).Where(PodFacts.IsActive).ToList();
        var pods = all.Where(pod => nodes.Contains(NodeOf(pod))).ToList();
        var available = pods.Count(pod => IsAvailable(set, pod));
        var status = new JsonObject
        {
            ["currentNumberScheduled"] = pods.Count,
            ["numberMisscheduled"] = all.Count - pods.Count,
            ["desiredNumberScheduled"] = nodes.Count,
            ["numberReady"] = pods.Count(PodFacts.IsReady),
            ["observedGeneration"] = set.Object("metadata").Number("generation") ?? 1,
        };
        status.SetCount("updatedNumberScheduled", pods.Count(pod => pod.Label(HashLabel) == _revisions.HashOf(latest)));
        status.SetCount("numberAvailable", available);
        status.SetCount("numberUnavailable", nodes.Count - available);
        var wanted = set.Copy();
        wanted["status"] = status;
        cluster.Writer.Update(Sets, set, wanted, Facts with { Subresource = "status" });
        if (pods.Exists(pod => PodFacts.IsReady(pod) && !IsAvailable(set, pod)))
        {
            cluster.LookAgain(this, ObjectRef.To(Sets, set), TimeSpan.FromSeconds(1));
        }
    }
}
