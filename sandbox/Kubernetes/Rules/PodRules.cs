using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Rules;

/// <summary>Pods are given time to end, and hardly anything of them can be changed.</summary>
internal sealed class PodRules(ResourceKind kind) : KindRules(kind)
{
    public override void Complete(JsonObject wanted)
    {
        var spec = wanted.Need("spec");
        PodSpecs.Complete(spec);
        if (!spec.ContainsKey("enableServiceLinks"))
        {
            spec["enableServiceLinks"] = true;
        }
    }

    public override IEnumerable<FieldMistake> Mistakes(JsonObject wanted, JsonObject? current) => current is null
        ? PodSpecs.Mistakes(wanted.Object("spec"), "spec")
        : Changes(wanted, current);

    public override void PrepareCreate(JsonObject wanted)
    {
        base.PrepareCreate(wanted);
        wanted["status"] = new JsonObject { ["phase"] = "Pending", ["qosClass"] = "BestEffort" };
    }

    public override void PrepareDelete(JsonObject wanted, DeleteWish wish, DateTimeOffset now)
    {
        Propagate(wanted, wish);
        var isPlaced = wanted.Object("spec").Text("nodeName").Length > 0;
        var grace = isPlaced ? wish.GraceSeconds ?? wanted.Object("spec").Number("terminationGracePeriodSeconds") ?? 30 : 0;
        var metadata = wanted.Metadata();
        if (wanted.IsTerminating() && grace >= (metadata.Number("deletionGracePeriodSeconds") ?? 0))
        {
            return;
        }

        metadata["deletionTimestamp"] = ObjectMeta.Time(now + TimeSpan.FromSeconds(grace));
        metadata["deletionGracePeriodSeconds"] = grace;
    }

    private static IEnumerable<FieldMistake> Changes(JsonObject wanted, JsonObject current)
    {
        var (now, was) = (Fixed(wanted), Fixed(current));
        if (!JsonNode.DeepEquals(now, was))
        {
            yield return FieldMistake.Forbidden(
                "spec",
                "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)");
        }
    }

    private static JsonObject Fixed(JsonObject pod)
    {
        var spec = pod.Object("spec")?.Copy() ?? [];
        foreach (var field in new[] { "activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds", "nodeName", "ephemeralContainers" })
        {
            spec.Remove(field);
        }

        foreach (var container in spec.Objects("containers").Concat(spec.Objects("initContainers")))
        {
            container.Remove("image");
        }

        return spec;
    }
}
