using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Pods;

/// <summary>Reads pods.</summary>
internal static class PodFacts
{
    public static bool IsReady(JsonObject pod) => Condition(pod, "Ready").Text("status") == "True";

    /// <summary>Whether it counts: neither ended nor about to go.</summary>
    public static bool IsActive(JsonObject pod) => !pod.IsTerminating() && pod.Object("status").Text("phase") is not ("Succeeded" or "Failed");

    /// <summary>Since when it is ready; null: it isn't.</summary>
    public static DateTimeOffset? ReadySince(JsonObject pod) => IsReady(pod)
        && DateTimeOffset.TryParse(Condition(pod, "Ready").Text("lastTransitionTime"), CultureInfo.InvariantCulture, out var since)
            ? since
            : null;

    /// <summary>How long its owner wants a pod to have been ready before it counts as available.</summary>
    public static TimeSpan WaitOf(JsonObject owner) => TimeSpan.FromSeconds(owner.Object("spec").Number("minReadySeconds") ?? 0);

    /// <summary>Whether it has been ready for as long as its owner wants.</summary>
    public static bool IsAvailable(JsonObject pod, JsonObject owner, DateTimeOffset now) => ReadySince(pod) is { } since && since + WaitOf(owner) <= now;

    public static JsonObject? Condition(JsonObject node, string type) =>
        node.Object("status").Objects("conditions").FirstOrDefault(condition => condition.Text("type") == type);
}
