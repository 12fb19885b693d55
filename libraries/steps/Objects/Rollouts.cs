using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi.Objects;

namespace MeshWorkflow.Steps.Objects;

/// <summary>Whether workloads have rolled out, and what holds them up.</summary>
public static class Rollouts
{
    private const int Named = 3;

    /// <summary>What a Deployment, StatefulSet or DaemonSet still waits for.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="workload">The workload, as read.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The reason, naming the pods; or <see langword="null"/>: it has rolled out.</returns>
    public static async Task<string?> WaitsForAsync(ObjectClient client, JsonObject workload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(workload);
        var (wanted, updated, ready) = Counts(workload);
        var isSeen = workload.Number("status", "observedGeneration") >= workload.Number("metadata", "generation");
        if (isSeen && updated >= wanted && ready >= wanted && workload.Number("status", "replicas") <= updated)
        {
            return null;
        }

        var pods = await PodsAsync(client, workload, cancellationToken);
        var troubles = pods.Select(Trouble).OfType<string>().Take(Named).ToList();
        var failure = workload.Items("status", "conditions")
            .FirstOrDefault(condition => condition.Text("type") == "ReplicaFailure" && condition.Text("status") == "True")?.Text("message");
        return FormattableString.Invariant($"{workload.NameOf()} has {Math.Min(ready, updated)} of {wanted} pods ready")
            + (failure is null ? "" : $"; {failure}")
            + (troubles.Count == 0 ? "" : $": {string.Join("; ", troubles)}");
    }

    /// <summary>The pods that a workload selects.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="workload">The workload, as read.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The pods.</returns>
    public static Task<IReadOnlyList<JsonObject>> PodsAsync(ObjectClient client, JsonObject workload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        var selector = string.Join(',', (workload.Node("spec", "selector", "matchLabels") as JsonObject ?? [])
            .Select(label => $"{label.Key}={label.Value}"));
        return client.ListAsync(
            new ObjectType("v1", "Pod", "pods"),
            workload.Text("metadata", "namespace"),
            $"labelSelector={Uri.EscapeDataString(selector)}",
            cancellationToken);
    }

    /// <summary>What keeps a pod from being ready.</summary>
    /// <param name="pod">The pod.</param>
    /// <returns>The pod and the reason; or <see langword="null"/>: it is ready, or on its way out.</returns>
    public static string? Trouble(JsonObject pod)
    {
        if (pod.IsTerminating() || IsReady(pod))
        {
            return null;
        }

        var container = pod.Items("status", "initContainerStatuses").Concat(pod.Items("status", "containerStatuses"))
            .FirstOrDefault(status => status.Text("state", "waiting", "reason") is not null);
        var reason = container is null
            ? Condition(pod, "PodScheduled", "False") ?? Condition(pod, "Ready", "False") ?? $"is {pod.Text("status", "phase") ?? "new"}"
            : $"{container.Text("name")} waits: {container.Text("state", "waiting", "reason")} {container.Text("state", "waiting", "message")}".TrimEnd();
        return $"{pod.NameOf()} {reason}";
    }

    private static bool IsReady(JsonObject pod) => pod.Items("status", "conditions")
        .Any(condition => condition.Text("type") == "Ready" && condition.Text("status") == "True");

    private static string? Condition(JsonObject pod, string type, string status) => pod.Items("status", "conditions")
        .Where(condition => condition.Text("type") == type && condition.Text("status") == status)
        .Select(condition => $"is not ready: {condition.Text("reason")} {condition.Text("message")}".TrimEnd())
        .FirstOrDefault();

    private static (long Wanted, long Updated, long Ready) Counts(JsonObject workload) => workload.Text("kind") == "DaemonSet"
        ? (workload.Number("status", "desiredNumberScheduled"), workload.Number("status", "updatedNumberScheduled"), workload.Number("status", "numberAvailable"))
        : (workload.Node("spec", "replicas") is null ? 1 : workload.Number("spec", "replicas"),
            workload.Number("status", "updatedReplicas"),
            workload.Text("kind") == "StatefulSet" ? workload.Number("status", "readyReplicas") : workload.Number("status", "availableReplicas"));
}
