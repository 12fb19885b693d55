using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Controllers;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Rules;

/// <summary>A schedule must be one.</summary>
internal sealed class CronJobRules(ResourceKind kind) : KindRules(kind)
{
    private const string Path = "spec.jobTemplate.spec.template.spec";

    public override void Complete(JsonObject wanted) =>
        PodSpecs.Complete(wanted.Object("spec").Object("jobTemplate").Object("spec").Object("template").Object("spec"));

    public override IEnumerable<FieldMistake> Mistakes(JsonObject wanted, JsonObject? current)
    {
        var spec = wanted.Object("spec");
        var schedule = spec.Text("schedule");
        if (schedule.Length == 0)
        {
            yield return FieldMistake.Required("spec.schedule");
        }
        else if (CronSchedule.Parse(schedule, out var wrong) is null)
        {
            yield return FieldMistake.Invalid("spec.schedule", $"\"{schedule}\"", wrong);
        }

        if (spec.Text("timeZone") is { Length: > 0 } zone && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
        {
            yield return FieldMistake.Invalid("spec.timeZone", $"\"{zone}\"", $"unknown time zone {zone}");
        }

        if (wanted.Name().Length > 52)
        {
            yield return FieldMistake.Invalid("metadata.name", $"\"{wanted.Name()}\"", "must be no more than 52 characters");
        }

        var template = spec.Object("jobTemplate").Object("spec").Object("template");
        foreach (var mistake in PodSpecs.Mistakes(template.Object("spec"), Path).Concat(JobRules.OfRestarts(template, Path)))
        {
            yield return mistake;
        }
    }
}
