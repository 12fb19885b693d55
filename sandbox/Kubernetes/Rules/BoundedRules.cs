using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Rules;

/// <summary>Small kinds of which a few fields must be there or keep within bounds: leases, classes, budgets.</summary>
internal sealed class BoundedRules(ResourceKind kind) : KindRules(kind)
{
    private const long HighestPriority = 1_000_000_000;
    private static readonly string[] Bounds = ["minAvailable", "maxUnavailable"];

    public static bool Has(ResourceKind kind) => kind.GroupResource is "leases.coordination.k8s.io" or "storageclasses.storage.k8s.io"
        or "priorityclasses.scheduling.k8s.io" or "poddisruptionbudgets.policy";

    public override IEnumerable<FieldMistake> Mistakes(JsonObject wanted, JsonObject? current) => Kind.Plural switch
    {
        "leases" => Lease(wanted.Object("spec")),
        "storageclasses" => wanted.Text("provisioner").Length == 0 ? [FieldMistake.Required("provisioner")] : [],
        "priorityclasses" => Priority(wanted),
        _ => Budget(wanted.Object("spec")),
    };

    private static IEnumerable<FieldMistake> Lease(JsonObject? spec)
    {
        if (spec.Number("leaseDurationSeconds") is < 1 and var seconds)
        {
            yield return FieldMistake.Invalid("spec.leaseDurationSeconds", $"{seconds}", "must be greater than 0");
        }

        if (spec.Number("leaseTransitions") is < 0 and var times)
        {
            yield return FieldMistake.Invalid("spec.leaseTransitions", $"{times}", "must be greater than or equal to 0");
        }
    }

    private static IEnumerable<FieldMistake> Priority(JsonObject wanted)
    {
        if (wanted.Number("value") > HighestPriority && !wanted.Name().StartsWith("system-", StringComparison.Ordinal))
        {
            yield return FieldMistake.Forbidden("value", $"maximum allowed value of a user defined priority is {HighestPriority}");
        }
    }

    private static IEnumerable<FieldMistake> Budget(JsonObject? spec)
    {
        if (spec?["minAvailable"] is not null && spec["maxUnavailable"] is not null)
        {
            yield return FieldMistake.Invalid("spec", "{}", "minAvailable and maxUnavailable cannot be both set");
        }

        foreach (var field in Bounds.Where(field => spec.Number(field) < 0))
        {
            yield return FieldMistake.Invalid($"spec.{field}", $"{spec.Number(field)}", "must be greater than or equal to 0");
        }
    }
}
