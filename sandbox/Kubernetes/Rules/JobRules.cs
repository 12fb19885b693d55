using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Rules;

/// <summary>A job finds its pods by labels that the server makes up; what it is to do can't be changed.</summary>
internal sealed class JobRules(ResourceKind kind) : KindRules(kind)
{
    private const string Group = "batch.kubernetes.io/";

    private static readonly string[] Amounts = ["parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished"];

    public override void Complete(JsonObject wanted)
    {
        var spec = wanted.Need("spec");
        PodSpecs.Complete(spec.Object("template").Object("spec"));
        var labels = wanted.Labels();
        if (labels.Count == 0 && spec.Object("template").Object("metadata").Object("labels") is { } own)
        {
            wanted.Metadata()["labels"] = own.DeepClone();
        }
    }

    public override void PrepareCreate(JsonObject wanted)
    {
        base.PrepareCreate(wanted);
        var spec = wanted.Need("spec");
        if (spec.Flag("manualSelector"))
        {
            return;
        }

        var labels = spec.Need("template").Need("metadata").Need("labels");
        foreach (var prefix in new[] { Group, "" })
        {
            labels[$"{prefix}controller-uid"] = wanted.Uid();
            labels[$"{prefix}job-name"] = wanted.Name();
        }

        spec["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { [$"{Group}controller-uid"] = wanted.Uid() } };
    }

    public override IEnumerable<FieldMistake> Mistakes(JsonObject wanted, JsonObject? current)
    {
        var spec = wanted.Object("spec");
        foreach (var field in Amounts.Where(field => spec.Number(field) < 0))
        {
            yield return FieldMistake.Invalid($"spec.{field}", $"{spec.Number(field)}", "must be greater than or equal to 0");
        }

        var template = spec.Object("template");
        foreach (var mistake in PodSpecs.Mistakes(template.Object("spec"), "spec.template.spec").Concat(OfRestarts(template, "spec.template.spec")))
        {
            yield return mistake;
        }

        // A job that is held back may still be changed in where its pods run.
        string[] fixedFields = current.Object("spec").Flag("suspend") ? ["selector", "completions"] : ["selector", "template", "completions"];
        foreach (var field in fixedFields)
        {
            var (now, was) = (spec?[field], current.Object("spec")?[field]);
            if (current is not null && !JsonNode.DeepEquals(now, was))
            {
                yield return FieldMistake.Invalid($"spec.{field}", now?.ToJsonString() ?? "null", "field is immutable");
            }
        }
    }

    public override void PrepareDelete(JsonObject wanted, DeleteWish wish, DateTimeOffset now) =>
        base.PrepareDelete(wanted, wish.Propagation.Length > 0 ? wish : wish with { Propagation = "Orphan" }, now);

    /// <summary>Whoever is to end must not be started again when it has.</summary>
    public static IEnumerable<FieldMistake> OfRestarts(JsonObject? template, string path)
    {
        if (template.Object("spec").Text("restartPolicy") is not ("OnFailure" or "Never"))
        {
            yield return FieldMistake.Required($"{path}.restartPolicy", "valid values: \"OnFailure\", \"Never\"");
        }
    }
}
