using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Controllers;
using MeshWorkflow.Sandbox.Kubernetes.Events;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Pods;

/// <summary>Scheduler and kubelets in one: places pods on nodes, starts them, and ends them.</summary>
internal sealed class PodRunner(ClusterState cluster) : IController
{
    private static readonly ResourceKind Pods = BuiltinKinds.Find("", "pods");
    private static readonly WriteFacts Scheduling = new("kube-scheduler") { Subresource = "binding" };
    private static readonly WriteFacts Running = new("kubelet") { Subresource = "status" };
    private readonly Placement _placement = new(cluster);
    private int _placed;

    private PodEvents Events => field ??= new PodEvents(cluster.Events);

    public IEnumerable<ObjectRef> Affected(StoreChange change)
    {
        var isNews = change.Kind.GroupResource == Pods.GroupResource && change.After is not null
            && (change.Before is null || change.After.IsTerminating() != change.Before.IsTerminating());
        return isNews ? [ObjectRef.To(Pods, change.Object)] : [];
    }

    public void Reconcile(ObjectRef target)
    {
        if (Find(target) is not { } pod)
        {
            return;
        }

        if (pod.IsTerminating())
        {
            var uid = pod.Uid();
            Events.Ending(pod);
            cluster.Scheduler.After(cluster.Options.PodStopTime, () => End(target, uid));
        }
        else if (pod.Object("spec").Text("nodeName").Length == 0)
        {
            Place(target, pod);
        }
        else if (pod.Object("status").Text("phase") is "" or "Pending")
        {
            StartLater(target, pod.Uid());
        }
    }

    /// <summary>Looks again at whether a pod that runs is well.</summary>
    public void Recheck(ObjectRef target)
    {
        if (Find(target) is { } pod && PodFacts.IsActive(pod) && pod.Object("spec").Text("nodeName").Length > 0)
        {
            Start(target, pod.Uid());
        }
    }

    /// <summary>Goes on with pods that run and aren't well, each is tried again until it is; and with jobs' pods.</summary>
    public void Resume()
    {
        foreach (var pod in cluster.Store.List(Pods).Where(pod => PodFacts.IsActive(pod) && pod.Object("status").Text("phase") == "Running"))
        {
            var (target, uid) = (ObjectRef.To(Pods, pod), pod.Uid());
            if (PodFacts.IsReady(pod))
            {
                if (EndsByItself(pod))
                {
                    FinishLater(target, uid);
                }

                continue;
            }

            cluster.Scheduler.After(cluster.Options.RetryTime, () => Start(target, uid));
        }
    }

    private JsonObject? Find(ObjectRef target) => cluster.Store.Find(Pods, target.Namespace, target.Name);

    private void Place(ObjectRef target, JsonObject pod)
    {
        var nodes = _placement.NodesFor(pod);
        if (nodes.Count == 0)
        {
            var why = _placement.WhyNowhere(pod);
            var waiting = pod.Copy();
            Conditions.Set(
                waiting.Need("status"), cluster.Time.GetUtcNow(), "PodScheduled", false, "Unschedulable", why);
            cluster.Writer.Update(Pods, pod, waiting, Running);
            Tell(pod, Happening.Warning("FailedScheduling", why) with { Action = "Scheduling" });
            cluster.Scheduler.After(cluster.Options.RetryTime, () => Reconcile(target));
            return;
        }

        var placed = pod.Copy();
        placed.Need("spec")["nodeName"] = nodes[_placed++ % nodes.Count];
        Conditions.Set(placed.Need("status"), cluster.Time.GetUtcNow(), "PodScheduled", true, "", "");
        var node = placed.Object("spec").Text("nodeName");
        cluster.Writer.Update(Pods, pod, placed, Scheduling);
        Tell(pod, new Happening("Scheduled", $"Successfully assigned {pod.Namespace()}/{pod.Name()} to {node}") { Action = "Binding" });
        StartLater(target, pod.Uid());
    }

    private void StartLater(ObjectRef target, string uid) => cluster.Scheduler.After(cluster.Options.PodStartTime, () => Start(target, uid));

    private void Start(ObjectRef target, string uid)
    {
        if (Find(target) is not { } pod || pod.Uid() != uid || pod.IsTerminating())
        {
            return;
        }

        var trouble = cluster.Health.Select(health => health.TroubleOf(pod)).FirstOrDefault(found => found is not null);
        var address = pod.Object("status").Text("podIP") is { Length: > 0 } known ? known : NextAddress();
        var started = pod.Copy();
        started["status"] = PodStatus.Of(pod, trouble, address, cluster.Time.GetUtcNow());
        Events.Started(pod, cluster.Writer.Update(Pods, pod, started, Running), trouble);
        if (trouble is not null && PodFacts.IsActive(started))
        {
            cluster.Scheduler.After(cluster.Options.RetryTime, () => Start(target, uid));
        }
        else if (EndsByItself(pod))
        {
            FinishLater(target, uid);
        }
    }

    // What a job starts does its work, and is done.
    private static bool EndsByItself(JsonObject pod) =>
        pod.ControllerReference().Text("kind") == "Job" && pod.Object("spec").Text("restartPolicy") is "Never" or "OnFailure";

    private void FinishLater(ObjectRef target, string uid) => cluster.Scheduler.After(cluster.Options.JobTime, () =>
    {
        if (Find(target) is { } pod && pod.Uid() == uid && !pod.IsTerminating() && PodFacts.IsReady(pod))
        {
            var done = pod.Copy();
            done["status"] = PodStatus.Done(pod, cluster.Time.GetUtcNow());
            cluster.Writer.Update(Pods, pod, done, Running);
        }
    });

    private void End(ObjectRef target, string uid)
    {
        if (Find(target) is { } pod && pod.Uid() == uid)
        {
            cluster.Writer.Delete(Pods, pod, new DeleteWish { GraceSeconds = 0 }, Running with { Subresource = "" });
        }
    }

    private void Tell(JsonObject pod, Happening happened) => cluster.Events.Tell(EventReporter.Scheduler, Pods, pod, happened);

    private string NextAddress()
    {
        var number = cluster.NextAddress();
        return string.Create(CultureInfo.InvariantCulture, $"10.{4 + (number >> 16)}.{(number >> 8) & 255}.{number & 255}");
    }
}
