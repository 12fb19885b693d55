using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Events;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Pods;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Controllers;

/// <summary>Starts the pods of jobs until enough have done their work, or too many have failed.</summary>
internal sealed class JobController(ClusterState cluster) : IController
{
    private static readonly ResourceKind Jobs = BuiltinKinds.Find("batch", "jobs");
    private static readonly ResourceKind PodKind = BuiltinKinds.Find("", "pods");
    private static readonly EventReporter Reporter = new("job-controller");
    private static readonly WriteFacts Facts = new("kube-controller-manager");

    public IEnumerable<ObjectRef> Affected(StoreChange change) => change.Kind.GroupResource switch
    {
        "jobs.batch" => [ObjectRef.To(Jobs, change.Object)],
        "pods" => Ownership.OwnerOf(change.Object, Jobs),
        _ => [],
    };

    public void Reconcile(ObjectRef target)
    {
        if (cluster.Store.Find(Jobs, target.Namespace, target.Name) is not { } job || job.IsTerminating())
        {
            return;
        }

        if (IsOver(job))
        {
            Expire(target, job);
            return;
        }

        var status = (job.Object("status")?.DeepClone() as JsonObject) ?? [];
        var pods = Owned(job);
        var (succeeded, failed) = (pods.Count(pod => PhaseOf(pod) == "Succeeded"), pods.Count(pod => PhaseOf(pod) == "Failed"));
        if (job.Object("spec").Flag("suspend"))
        {
            Suspend(job, status, pods);
        }
        else
        {
            Resume(job, status);
            status["startTime"] ??= ObjectMeta.Time(cluster.Time.GetUtcNow());
            if (WhyFailed(job, status, failed) is var (reason, message) && reason.Length > 0)
            {
                End(job, status, pods, "Failed", reason, message);
            }
            else if (succeeded >= Completions(job))
            {
                End(job, status, pods, "Complete", "CompletionsReached", "Reached expected number of succeeded pods");
            }
            else
            {
                Start(job, pods.Count(PodFacts.IsActive), Completions(job) - succeeded);
            }
        }

        Write(job, status, succeeded, failed);
        if (Deadline(job, status) is { } deadline && !status.Objects("conditions").Any(Ends))
        {
            cluster.LookAgain(this, target, deadline - cluster.Time.GetUtcNow());
        }
    }

    /// <summary>Whether a job is done, well or not.</summary>
    public static bool IsOver(JsonObject job) => job.Object("status").Objects("conditions").Any(Ends);

    private static bool Ends(JsonObject condition) => condition.Text("type") is "Complete" or "Failed" && condition.Text("status") == "True";

    private static string PhaseOf(JsonObject pod) => pod.Object("status").Text("phase");

    private static int Completions(JsonObject job) => (int)(job.Object("spec").Number("completions") ?? 1);

    private List<JsonObject> Owned(JsonObject job) => [.. cluster.Store.OwnedBy(PodKind, job)];

    private void Start(JsonObject job, int active, int missing)
    {
        var wanted = Math.Min(missing, (int)(job.Object("spec").Number("parallelism") ?? 1));
        for (var i = active; i < wanted; i++)
        {
            var made = cluster.Writer.Create(PodKind, PodTemplates.Pod(job, Jobs), Facts);
            Tell(job, new Happening("SuccessfulCreate", $"Created pod: {made.Name()}"));
        }
    }

    private (string Reason, string Message) WhyFailed(JsonObject job, JsonObject status, int failed)
    {
        if (failed > (job.Object("spec").Number("backoffLimit") ?? 6))
        {
            return ("BackoffLimitExceeded", "Job has reached the specified backoff limit");
        }

        return Deadline(job, status) is { } deadline && deadline <= cluster.Time.GetUtcNow()
            ? ("DeadlineExceeded", "Job was active longer than specified deadline")
            : ("", "");
    }

    private static DateTimeOffset? Deadline(JsonObject job, JsonObject status) =>
        job.Object("spec").Number("activeDeadlineSeconds") is { } seconds
        && DateTimeOffset.TryParse(status.Text("startTime"), CultureInfo.InvariantCulture, out var start)
            ? start + TimeSpan.FromSeconds(seconds)
            : null;

    private void End(JsonObject job, JsonObject status, List<JsonObject> pods, string type, string reason, string message)
    {
        var now = cluster.Time.GetUtcNow();
        Conditions.Set(status, now, type == "Complete" ? "SuccessCriteriaMet" : "FailureTarget", true, reason, message);
        Conditions.Set(status, now, type, true, reason, message);
        if (type == "Complete")
        {
            status["completionTime"] = ObjectMeta.Time(now);
        }

        pods.Where(PodFacts.IsActive).ToList().ForEach(pod => cluster.Writer.Delete(PodKind, pod, new DeleteWish(), Facts));
        Tell(job, type == "Complete" ? new Happening("Completed", "Job completed") : Happening.Warning(reason, message));
    }

    private void Suspend(JsonObject job, JsonObject status, List<JsonObject> pods)
    {
        pods.Where(PodFacts.IsActive).ToList().ForEach(pod => cluster.Writer.Delete(PodKind, pod, new DeleteWish(), Facts));
        status.Remove("startTime");
        if (!Conditions.IsTrue(job, "Suspended"))
        {
            Tell(job, new Happening("Suspended", "Job suspended"));
        }

        Conditions.Set(status, cluster.Time.GetUtcNow(), "Suspended", true, "JobSuspended", "Job suspended");
    }

    private void Resume(JsonObject job, JsonObject status)
    {
        if (Conditions.IsTrue(job, "Suspended"))
        {
            Conditions.Set(status, cluster.Time.GetUtcNow(), "Suspended", false, "JobResumed", "Job resumed");
            Tell(job, new Happening("Resumed", "Job resumed"));
        }
    }

    private void Write(JsonObject job, JsonObject status, int succeeded, int failed)
    {
        var active = Owned(job).Where(PodFacts.IsActive).ToList();
        status.SetCount("active", active.Count);
        status.SetCount("succeeded", succeeded);
        status.SetCount("failed", failed);
        status["ready"] = active.Count(PodFacts.IsReady);
        status["terminating"] = Owned(job).Count(pod => pod.IsTerminating());
        status["uncountedTerminatedPods"] = new JsonObject();
        var wanted = job.Copy();
        wanted["status"] = status;
        cluster.Writer.Update(Jobs, job, wanted, Facts with { Subresource = "status" });
    }

    private void Expire(ObjectRef target, JsonObject job)
    {
        if (job.Object("spec").Number("ttlSecondsAfterFinished") is not { } seconds
            || !DateTimeOffset.TryParse(job.Object("status").Objects("conditions").First(Ends).Text("lastTransitionTime"), CultureInfo.InvariantCulture, out var end))
        {
            return;
        }

        var left = end + TimeSpan.FromSeconds(seconds) - cluster.Time.GetUtcNow();
        if (left > TimeSpan.Zero)
        {
            cluster.LookAgain(this, target, left);
        }
        else
        {
            cluster.Writer.Delete(Jobs, job, new DeleteWish { Propagation = "Foreground" }, Facts);
        }
    }

    private void Tell(JsonObject job, Happening happened) => cluster.Events.Tell(Reporter, Jobs, job, happened);
}
