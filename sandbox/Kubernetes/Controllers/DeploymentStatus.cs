using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Controllers;

/// <summary>Where a rollout stands.</summary>
internal static class DeploymentStatus
{
    public static JsonObject Of(JsonObject deployment, JsonObject? latest, List<JsonObject> sets, DateTimeOffset now)
    {
        var before = deployment.Object("status");
        var status = new JsonObject { ["observedGeneration"] = deployment.Object("metadata").Number("generation") ?? 1 };
        var replicas = (int)(deployment.Object("spec").Number("replicas") ?? 1);
        var (total, updated) = (Sum(sets, "replicas"), latest is null ? 0 : Sum([latest], "replicas"));
        var available = Sum(sets, "availableReplicas");
        status.SetCount("replicas", total);
        status.SetCount("updatedReplicas", updated);
        status.SetCount("readyReplicas", Sum(sets, "readyReplicas"));
        status.SetCount("availableReplicas", available);
        status.SetCount("unavailableReplicas", Math.Max(0, Math.Max(total, replicas) - available));
        status["conditions"] = (before?["conditions"] as JsonArray)?.DeepClone() ?? new JsonArray();
        var isAvailable = available >= replicas - RolloutLimits.Of(deployment, replicas).MaxUnavailable;
        Conditions.Set(
            status,
            now,
            "Available",
            isAvailable,
            isAvailable ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
            isAvailable ? "Deployment has minimum availability." : "Deployment does not have minimum availability.",
            hasUpdateTime: true);
        if (latest is not null)
        {
            Progress(deployment, latest, status, now, isComplete: updated == replicas && total == replicas && available == replicas);
        }

        Failure(status, latest, now);
        return status;
    }

    private static void Failure(JsonObject status, JsonObject? latest, DateTimeOffset now)
    {
        var failure = latest is null ? null : Pods.PodFacts.Condition(latest, ReplicaSetController.ReplicaFailure);
        if (failure is not null)
        {
            Conditions.Set(status, now, ReplicaSetController.ReplicaFailure, true, failure.Text("reason"), failure.Text("message"), hasUpdateTime: true);
        }
        else
        {
            (status["conditions"] as JsonArray)?.RemoveAll(condition => condition.Text("type") == ReplicaSetController.ReplicaFailure);
        }
    }

    /// <summary>When a rollout that goes on is to be called stuck; null: it doesn't go on.</summary>
    public static DateTimeOffset? Deadline(JsonObject deployment)
    {
        var progress = Pods.PodFacts.Condition(deployment, "Progressing");
        return progress.Text("status") == "True" && progress.Text("reason") != "NewReplicaSetAvailable"
            && DateTimeOffset.TryParse(progress.Text("lastUpdateTime"), CultureInfo.InvariantCulture, out var since)
                ? since + TimeSpan.FromSeconds(deployment.Object("spec").Number("progressDeadlineSeconds") ?? 600)
                : null;
    }

    private static void Progress(JsonObject deployment, JsonObject latest, JsonObject status, DateTimeOffset now, bool isComplete)
    {
        if (isComplete)
        {
            Conditions.Set(
                status,
                now,
                "Progressing",
                true,
                "NewReplicaSetAvailable",
                $"ReplicaSet \"{latest.Name()}\" has successfully progressed.",
                hasUpdateTime: true);
            return;
        }

        if (Deadline(deployment) is { } deadline && deadline <= now && !HasMoved(deployment.Object("status"), status))
        {
            Conditions.Set(
                status,
                now,
                "Progressing",
                false,
                "ProgressDeadlineExceeded",
                $"ReplicaSet \"{latest.Name()}\" has timed out progressing.",
                hasUpdateTime: true);
            return;
        }

        var isStuck = Pods.PodFacts.Condition(deployment, "Progressing").Text("reason") == "ProgressDeadlineExceeded";
        if (!isStuck || HasMoved(deployment.Object("status"), status))
        {
            Conditions.Set(
                status,
                now,
                "Progressing",
                true,
                "ReplicaSetUpdated",
                $"ReplicaSet \"{latest.Name()}\" is progressing.",
                hasUpdateTime: true);
        }
    }

    private static bool HasMoved(JsonObject? before, JsonObject after) => before is null
        || before.Number("updatedReplicas") != after.Number("updatedReplicas")
        || before.Number("readyReplicas") != after.Number("readyReplicas")
        || before.Number("availableReplicas") != after.Number("availableReplicas")
        || before.Number("observedGeneration") != after.Number("observedGeneration");

    private static int Sum(IEnumerable<JsonObject> sets, string field) => (int)sets.Sum(set => set.Object("status").Number(field) ?? 0);
}
