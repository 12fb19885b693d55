using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Rules;

/// <summary>Autoscalers keep between two numbers that fit each other.</summary>
internal sealed class AutoscalerRules(ResourceKind kind) : KindRules(kind)
{
    private static readonly string[] Scaled = ["kind", "name"];

    public override IEnumerable<FieldMistake> Mistakes(JsonObject wanted, JsonObject? current)
    {
        var spec = wanted.Object("spec");
        var (least, most) = (spec.Number("minReplicas") ?? 1, spec.Number("maxReplicas") ?? 0);
        if (least < 1)
        {
            yield return FieldMistake.Invalid("spec.minReplicas", $"{least}", "must be greater than or equal to 1");
        }

        if (most < 1)
        {
            yield return FieldMistake.Invalid("spec.maxReplicas", $"{most}", "must be greater than 0");
        }

        if (most < least)
        {
            yield return FieldMistake.Invalid("spec.maxReplicas", $"{most}", "must be greater than or equal to `minReplicas`");
        }

        foreach (var field in Scaled.Where(field => spec.Object("scaleTargetRef").Text(field).Length == 0))
        {
            yield return FieldMistake.Required($"spec.scaleTargetRef.{field}");
        }

        foreach (var (metric, i) in spec.Objects("metrics").Select((metric, i) => (metric, i)))
        {
            if (metric.Object("resource").Object("target").Number("averageUtilization") is < 1 and var share)
            {
                yield return FieldMistake.Invalid($"spec.metrics[{i}].resource.target.averageUtilization", $"{share}", "must be greater than 0");
            }
        }
    }
}
