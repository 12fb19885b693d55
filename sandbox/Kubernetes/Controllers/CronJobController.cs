using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Events;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Controllers;

/// <summary>Makes jobs when it is time for them, and keeps the last few.</summary>
internal sealed class CronJobController(ClusterState cluster) : IController
{
    private const string ScheduledAt = "batch.kubernetes.io/cronjob-scheduled-timestamp";
    private static readonly ResourceKind Crons = BuiltinKinds.Find("batch", "cronjobs");
    private static readonly ResourceKind Jobs = BuiltinKinds.Find("batch", "jobs");
    private static readonly EventReporter Reporter = new("cronjob-controller");
    private static readonly WriteFacts Facts = new("kube-controller-manager");

    // When each is looked at next: one timer for each, however often it changes.
    private readonly Dictionary<ObjectRef, DateTimeOffset> _next = [];

    public IEnumerable<ObjectRef> Affected(StoreChange change) => change.Kind.GroupResource switch
    {
        "cronjobs.batch" => [ObjectRef.To(Crons, change.Object)],
        "jobs.batch" => Ownership.OwnerOf(change.Object, Crons),
        _ => [],
    };

    public void Forget() => _next.Clear();

    public void Reconcile(ObjectRef target)
    {
        if (cluster.Store.Find(Crons, target.Namespace, target.Name) is not { } cron || cron.IsTerminating())
        {
            _next.Remove(target);
            return;
        }

        var spec = cron.Object("spec");
        var status = (cron.Object("status")?.DeepClone() as JsonObject) ?? [];
        Trim(cron);
        if (!spec.Flag("suspend") && CronSchedule.Parse(spec.Text("schedule"), out _) is { } schedule)
        {
            var now = Local(spec, cluster.Time.GetUtcNow());
            if (schedule.Next(Local(spec, Last(cron))) is { } due && due <= now)
            {
                // Of those that were missed, the last one counts.
                for (var next = schedule.Next(due); next is { } later && later <= now; next = schedule.Next(later))
                {
                    due = later;
                }

                Start(cron, status, due.ToUniversalTime());
            }

            Wait(target, schedule, now);
        }

        WriteStatus(cron, status);
    }

    private static DateTimeOffset Local(JsonObject? spec, DateTimeOffset time) =>
        spec.Text("timeZone") is { Length: > 0 } zone && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? TimeZoneInfo.ConvertTime(time, found) : time;

    private static DateTimeOffset Last(JsonObject cron) =>
        Time(cron.Object("status").Text("lastScheduleTime")) ?? Time(cron.Object("metadata").Text("creationTimestamp")) ?? DateTimeOffset.UnixEpoch;

    private static DateTimeOffset? Time(string text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var time) ? time.ToUniversalTime() : null;

    private List<JsonObject> Owned(JsonObject cron) => [.. cluster.Store.OwnedBy(Jobs, cron)];

    private void Wait(ObjectRef target, CronSchedule schedule, DateTimeOffset now)
    {
        if (schedule.Next(now) is { } next && (!_next.TryGetValue(target, out var known) || known <= now || known > next))
        {
            _next[target] = next - now < ClusterState.FurthestLook ? next : now + ClusterState.FurthestLook;
            cluster.LookAgain(this, target, _next[target] - now);
        }
    }

    private void Start(JsonObject cron, JsonObject status, DateTimeOffset due)
    {
        var active = Owned(cron).Where(job => !JobController.IsOver(job)).ToList();
        var policy = cron.Object("spec").Text("concurrencyPolicy");
        if (policy == "Forbid" && active.Count > 0)
        {
            Tell(cron, new Happening("JobAlreadyActive", "Not starting job because prior execution is running and concurrency policy is Forbid"));
            return;
        }

        foreach (var job in policy == "Replace" ? active : [])
        {
            cluster.Writer.Delete(Jobs, job, new DeleteWish { Propagation = "Background" }, Facts);
            Tell(cron, new Happening("SuccessfulDelete", $"Deleted job {job.Name()}"));
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"{cron.Name()}-{due.ToUnixTimeSeconds() / 60}");
        if (cluster.Store.Find(Jobs, cron.Namespace(), name) is null)
        {
            cluster.Writer.Create(Jobs, Made(cron, name, due), Facts);
            Tell(cron, new Happening("SuccessfulCreate", $"Created job {name}"));
        }

        status["lastScheduleTime"] = ObjectMeta.Time(due);
    }

    private static JsonObject Made(JsonObject cron, string name, DateTimeOffset due)
    {
        var template = cron.Object("spec").Object("jobTemplate");
        var metadata = new JsonObject { ["name"] = name, ["namespace"] = cron.Namespace() };
        foreach (var field in new[] { "labels", "annotations" })
        {
            if (template.Object("metadata").Object(field) is { } values)
            {
                metadata[field] = values.DeepClone();
            }
        }

        metadata.Need("annotations")[ScheduledAt] = ObjectMeta.Time(due);
        metadata["ownerReferences"] = new JsonArray(PodTemplates.Reference(cron, Crons));
        return new JsonObject { ["kind"] = Jobs.Kind, ["apiVersion"] = "batch/v1", ["metadata"] = metadata, ["spec"] = template?["spec"]?.DeepClone() };
    }

    private void Trim(JsonObject cron)
    {
        foreach (var (condition, field, usual) in new[] { ("Complete", "successfulJobsHistoryLimit", 3), ("Failed", "failedJobsHistoryLimit", 1) })
        {
            var limit = (int)(cron.Object("spec").Number(field) ?? usual);
            var over = Owned(cron).Where(job => Conditions.IsTrue(job, condition) && !job.IsTerminating()).OrderBy(job => job.Name(), StringComparer.Ordinal).ToList();
            foreach (var job in over.Take(Math.Max(0, over.Count - limit)))
            {
                cluster.Writer.Delete(Jobs, job, new DeleteWish { Propagation = "Background" }, Facts);
                Tell(cron, new Happening("SuccessfulDelete", $"Deleted job {job.Name()}"));
            }
        }
    }

    private void WriteStatus(JsonObject cron, JsonObject status)
    {
        var jobs = Owned(cron);
        status["active"] = new JsonArray([.. jobs.Where(job => !JobController.IsOver(job)).Select(job => new JsonObject
        {
            ["kind"] = Jobs.Kind,
            ["namespace"] = job.Namespace(),
            ["name"] = job.Name(),
            ["uid"] = job.Uid(),
            ["apiVersion"] = "batch/v1",
            ["resourceVersion"] = job.ResourceVersion(),
        })]);
        if (status["active"] is JsonArray { Count: 0 })
        {
            status.Remove("active");
        }

        var last = jobs.Select(job => job.Object("status").Text("completionTime")).Append(status.Text("lastSuccessfulTime")).Max(StringComparer.Ordinal);
        if (last is { Length: > 0 })
        {
            status["lastSuccessfulTime"] = last;
        }

        var wanted = cron.Copy();
        wanted["status"] = status;
        cluster.Writer.Update(Crons, cron, wanted, Facts with { Subresource = "status" });
    }

    private void Tell(JsonObject cron, Happening happened) => cluster.Events.Tell(Reporter, Crons, cron, happened);
}
