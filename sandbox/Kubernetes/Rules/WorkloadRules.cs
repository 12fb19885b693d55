using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Verbs;

namespace MeshWorkflow.Sandbox.Kubernetes.Rules;

/// <summary>Kinds that make pods after a template: Deployments, ReplicaSets, StatefulSets, DaemonSets.</summary>
internal sealed class WorkloadRules(ResourceKind kind) : KindRules(kind)
{
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
        if (LabelSelector.Of(spec.Object("selector")) is not { } selector)
        {
            yield return FieldMistake.Required("spec.selector");
        }
        else if (selector.IsEmpty)
        {
            yield return FieldMistake.Invalid("spec.selector", "{}", $"empty selector is invalid for {Kind.Singular}");
        }
        else if (!selector.Fits(template.Object("metadata").Entries("labels")))
        {
            var labels = string.Join(", ", template.Object("metadata").Entries("labels").Select(label => $"\"{label.Key}\":\"{label.Value}\""));
            yield return FieldMistake.Invalid(
                "spec.template.metadata.labels", $"map[string]string{{{labels}}}", "`selector` does not match template `labels`");
        }

        // A StatefulSet's volumes come from its claims, too: what isn't there is found by its pods.
        var isClaiming = Kind.Kind == "StatefulSet";
        foreach (var mistake in PodSpecs.Mistakes(template.Object("spec"), "spec.template.spec").Where(mistake => !isClaiming || mistake.Reason != "FieldValueNotFound"))
        {
            yield return mistake;
        }

        if (current is not null && !JsonNode.DeepEquals(current.Object("spec")?["selector"], spec?["selector"]))
        {
            yield return FieldMistake.Invalid("spec.selector", (spec?["selector"] ?? new JsonObject()).ToJsonString(), "field is immutable");
        }
    }
}
