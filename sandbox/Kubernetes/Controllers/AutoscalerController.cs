using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Events;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;
using MeshWorkflow.Sandbox.Kubernetes.Verbs;

namespace MeshWorkflow.Sandbox.Kubernetes.Controllers;

/// <summary>Keeps the number of pods between an autoscaler's limits. There is no load here, so it never asks for more than it must.</summary>
internal sealed class AutoscalerController(ClusterState cluster) : IController
{
    private static readonly ResourceKind Autoscalers = BuiltinKinds.Find("autoscaling", "horizontalpodautoscalers");
    private static readonly WriteFacts Facts = new("kube-controller-manager");

    public IEnumerable<ObjectRef> Affected(StoreChange change)
    {
        if (change.Kind.GroupResource == Autoscalers.GroupResource)
        {
            return change.After is null ? [] : [ObjectRef.To(Autoscalers, change.After)];
        }

        return change.Kind.Group == "apps" && change.Kind.Storage.Subresources.Any(part => part.Name == "scale")
            ? [.. cluster.Store.List(Autoscalers, change.Object.Namespace()).Where(scaler => IsFor(scaler, change)).Select(scaler => ObjectRef.To(Autoscalers, scaler))]
            : [];
    }

    public void Reconcile(ObjectRef target)
    {
        if (cluster.Store.Find(Autoscalers, target.Namespace, target.Name) is not { } scaler || scaler.IsTerminating())
        {
            return;
        }

        var spec = scaler.Object("spec");
        var reference = spec.Object("scaleTargetRef");
        var kind = cluster.Catalog.OfObject(reference.Text("apiVersion"), reference.Text("kind"));
        if (kind is null || cluster.Store.Find(kind, target.Namespace, reference.Text("name")) is not { } scaled)
        {
            WriteStatus(scaler, null, 0);
            return;
        }

        var wanted = scaled.Object("spec").Number("replicas") ?? 1;
        var limited = wanted == 0 ? 0 : Math.Clamp(wanted, spec.Number("minReplicas") ?? 1, Math.Max(1, spec.Number("maxReplicas") ?? 1));
        if (limited != wanted)
        {
            cluster.Writer.Update(kind, scaled, Scales.With(kind.Storage, scaled, limited), Facts with { Subresource = "scale" });
            cluster.Events.Tell(EventReporter.Autoscalers, Autoscalers, scaler, new Happening(
                "SuccessfulRescale", $"New size: {limited}; reason: Current number of replicas {(limited > wanted ? "below Spec.MinReplicas" : "above Spec.MaxReplicas")}"));
        }

        WriteStatus(scaler, scaled, limited);
    }

    private static bool IsFor(JsonObject scaler, StoreChange change)
    {
        var reference = scaler.Object("spec").Object("scaleTargetRef");
        return reference.Text("kind") == change.Kind.Kind && reference.Text("name") == change.Object.Name();
    }

    private void WriteStatus(JsonObject scaler, JsonObject? scaled, long desired)
    {
        var now = cluster.Time.GetUtcNow();
        var wanted = scaler.Copy();
        var status = wanted.Need("status");
        status["currentReplicas"] = scaled.Object("status").Number("replicas") ?? 0;
        status["desiredReplicas"] = desired;
        status["currentMetrics"] ??= null;
        if (scaled is null)
        {
            Conditions.Set(status, now, "AbleToScale", false, "FailedGetScale", "the HPA controller was unable to get the target's current scale");
        }
        else
        {
            Conditions.Set(status, now, "AbleToScale", true, "ReadyForNewScale", "recommended size matches current size");
            Conditions.Set(status, now, "ScalingActive", true, "ValidMetricFound", "the HPA was able to successfully calculate a replica count");
            var isAtMinimum = desired == (scaler.Object("spec").Number("minReplicas") ?? 1);
            Conditions.Set(
                status,
                now,
                "ScalingLimited",
                isAtMinimum,
                isAtMinimum ? "TooFewReplicas" : "DesiredWithinRange",
                isAtMinimum
                    ? "the desired replica count is less than the minimum replica count"
                    : "the desired count is within the acceptable range");
        }

        cluster.Writer.Update(Autoscalers, scaler, wanted, Facts with { Subresource = "status" });
    }
}
