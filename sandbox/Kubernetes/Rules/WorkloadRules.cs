using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Controllers;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;
using MeshWorkflow.Sandbox.Kubernetes.Verbs;

namespace MeshWorkflow.Sandbox.Kubernetes.Rules;

/// <summary>Kinds that make pods after a template: Deployments, ReplicaSets, StatefulSets, DaemonSets.</summary>
internal sealed class WorkloadRules(ResourceKind kind) : KindRules(kind)
{
    private static readonly string[] Amounts = ["replicas", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"];
    private static readonly string[] Changeable = ["replicas", "ordinals", "template", "updateStrategy", "persistentVolumeClaimRetentionPolicy", "minReadySeconds"];
    private static readonly string[] Limits = ["maxUnavailable", "maxSurge"];

    public override void Complete(JsonObject wanted)
    {
        var spec = wanted.Need("spec");
        PodSpecs.Complete(spec.Object("template").Object("spec"));
        if (Kind.Kind == "DaemonSet" && spec.Object("updateStrategy").Text("type") == "RollingUpdate")
        {
            var rolling = spec.Need("updateStrategy").Need("rollingUpdate");
            rolling["maxUnavailable"] ??= 1;
            rolling["maxSurge"] ??= 0;
        }

        if (Kind.Kind == "StatefulSet" && spec.Object("updateStrategy").Text("type") == "RollingUpdate")
        {
            spec.Need("updateStrategy").Need("rollingUpdate")["partition"] ??= 0;
        }

        if (Kind.Kind == "Deployment" && spec.Object("strategy").Text("type") == "RollingUpdate")
        {
            var rolling = spec.Need("strategy").Need("rollingUpdate");
            rolling["maxUnavailable"] ??= "25%";
            rolling["maxSurge"] ??= "25%";
        }
    }

    public override IEnumerable<FieldMistake> Mistakes(JsonObject wanted, JsonObject? current)
    {
        var spec = wanted.Object("spec");
        var template = spec.Object("template");
        foreach (var mistake in Numbers(spec).Concat(Strategy(spec)))
        {
            yield return mistake;
        }

        if (LabelSelector.Of(spec.Object("selector")) is not { } selector)
        {
            yield return FieldMistake.Required("spec.selector");
            yield return FieldMistake.Invalid("spec.template.metadata.labels", "null", "`selector` does not match template `labels`");
        }
        else if (selector.IsEmpty)
        {
            yield return FieldMistake.Invalid("spec.selector", "{}", $"empty selector is invalid for {Kind.Singular}");
        }
        else if (!selector.Fits(template.Object("metadata").Entries("labels")))
        {
            var shown = string.Join(", ", template.Object("metadata").Entries("labels").Select(label => $"\"{label.Key}\":\"{label.Value}\""));
            yield return FieldMistake.Invalid(
                "spec.template.metadata.labels", $"map[string]string{{{shown}}}", "`selector` does not match template `labels`");
        }

        // A StatefulSet's volumes come from its claims, too: what isn't there is found by its pods.
        var isClaiming = Kind.Kind == "StatefulSet";
        var labels = MetadataChecks.Labels(template.Object("metadata").Entries("labels"), "spec.template.labels")
            .Concat(MetadataChecks.Annotations(template.Object("metadata"), "spec.template.annotations"));
        var ofPods = PodSpecs.Mistakes(template.Object("spec"), "spec.template.spec").Where(mistake => !isClaiming || mistake.Reason != "FieldValueNotFound");
        foreach (var mistake in labels.Concat(ofPods).Concat(Restarts(template.Object("spec"))))
        {
            yield return mistake;
        }

        if (Kind.Kind == "StatefulSet" && current is not null && !JsonNode.DeepEquals(Fixed(current), Fixed(wanted)))
        {
            yield return FieldMistake.Forbidden(
                "spec",
                "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden");
        }
        else if (Kind.Kind != "StatefulSet" && current is not null && !JsonNode.DeepEquals(current.Object("spec")?["selector"], spec?["selector"]))
        {
            yield return FieldMistake.Invalid("spec.selector", (spec?["selector"] ?? new JsonObject()).ToJsonString(), "field is immutable");
        }
    }

    private static IEnumerable<FieldMistake> Numbers(JsonObject? spec) =>
        Amounts
            .Where(field => spec.Number(field) < 0)
            .Select(field => FieldMistake.Invalid($"spec.{field}", $"{spec.Number(field)}", "must be greater than or equal to 0"));

    private IEnumerable<FieldMistake> Strategy(JsonObject? spec)
    {
        if (Kind.Kind is "DaemonSet" or "StatefulSet" && spec.Object("updateStrategy").Text("type") is { Length: > 0 } way and not ("RollingUpdate" or "OnDelete"))
        {
            yield return Kind.Kind == "DaemonSet"
                ? FieldMistake.NotSupported("spec.updateStrategy", way, ["OnDelete", "RollingUpdate"])
                : FieldMistake.Invalid("spec.updateStrategy", $"\"{way}\"", "must be 'RollingUpdate' or 'OnDelete'");
        }

        if (Kind.Kind != "Deployment")
        {
            yield break;
        }

        if (spec.Number("progressDeadlineSeconds") is { } deadline && deadline <= (spec.Number("minReadySeconds") ?? 0))
        {
            yield return FieldMistake.Invalid("spec.progressDeadlineSeconds", $"{deadline}", "must be greater than minReadySeconds");
        }

        const string Path = "spec.strategy";
        var (strategy, type) = (spec.Object("strategy"), spec.Object("strategy").Text("type"));
        if (type is not ("Recreate" or "RollingUpdate"))
        {
            yield return FieldMistake.NotSupported(Path, type, ["Recreate", "RollingUpdate"]);
        }
        else if (type == "Recreate" && strategy.Object("rollingUpdate") is not null)
        {
            yield return FieldMistake.Forbidden($"{Path}.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'");
        }

        var rolling = strategy.Object("rollingUpdate");
        foreach (var field in Limits.Where(field => rolling?[field] is not null && !RolloutLimits.IsLimit(rolling[field])))
        {
            yield return FieldMistake.Invalid(
                $"{Path}.rollingUpdate.{field}",
                rolling?[field]?.ToJsonString() ?? "",
                rolling?[field]?.GetValueKind() is System.Text.Json.JsonValueKind.Number
                    ? "must be greater than or equal to 0"
                    : "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')");
        }

        if (rolling is not null && RolloutLimits.IsNone(rolling["maxUnavailable"]) && RolloutLimits.IsNone(rolling["maxSurge"]))
        {
            yield return FieldMistake.Invalid($"{Path}.rollingUpdate.maxUnavailable", "0", "may not be 0 when `maxSurge` is 0");
        }
    }

    // What may not be changed of a StatefulSet.
    private static JsonObject Fixed(JsonObject set)
    {
        var spec = set.Object("spec")?.Copy() ?? [];
        foreach (var field in Changeable)
        {
            spec.Remove(field);
        }

        return spec;
    }

    // What is kept running always restarts its containers.
    private static IEnumerable<FieldMistake> Restarts(JsonObject? spec)
    {
        if (spec.Text("restartPolicy") is { Length: > 0 } policy && policy != "Always")
        {
            yield return FieldMistake.NotSupported("spec.template.spec.restartPolicy", policy, ["Always"]);
        }
    }
}
