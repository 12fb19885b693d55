using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Pods;

/// <summary>What a pod says of itself once it has been started.</summary>
internal static class PodStatus
{
    /// <param name="pod">The pod.</param>
    /// <param name="trouble">What is wrong with it; null: nothing.</param>
    /// <param name="address">Its address.</param>
    /// <param name="now">The time.</param>
    public static JsonObject Of(JsonObject pod, PodTrouble? trouble, string address, DateTimeOffset now)
    {
        var status = (pod.Object("status")?.DeepClone() as JsonObject) ?? [];
        var spec = pod.Object("spec");
        var startedAt = status.Text("startTime") is { Length: > 0 } since ? since : ObjectMeta.Time(now);
        var isUp = trouble is null || trouble.Reason is "" or "CrashLoopBackOff";
        var isOver = trouble?.Reason == "CrashLoopBackOff" && spec.Text("restartPolicy") == "Never";
        status["phase"] = isOver ? "Failed" : isUp ? "Running" : "Pending";
        status["startTime"] = startedAt;
        status["hostIP"] = "10.128.0.2";
        status["podIP"] = address;
        status["podIPs"] = new JsonArray(new JsonObject { ["ip"] = address });
        status["qosClass"] = QosClass(spec);
        var unready = spec.Objects("containers").Where(container => IsIn(trouble, container)).Select(container => container.Text("name")).ToList();
        var names = $"containers with unready status: [{string.Join(" ", unready)}]";
        Conditions.Set(status, now, "PodReadyToStartContainers", true, "", "");
        Conditions.Set(status, now, "Initialized", true, "", "");
        Conditions.Set(status, now, "Ready", trouble is null, trouble is null ? "" : "ContainersNotReady", trouble is null ? "" : names);
        Conditions.Set(status, now, "ContainersReady", trouble is null, trouble is null ? "" : "ContainersNotReady", trouble is null ? "" : names);
        Conditions.Set(status, now, "PodScheduled", true, "", "");
        status["containerStatuses"] = new JsonArray([.. spec.Objects("containers").Select(container =>
            Container(status, "containerStatuses", container, IsIn(trouble, container) ? trouble : null, startedAt, now))]);
        if (isOver)
        {
            foreach (var container in status.Objects("containerStatuses"))
            {
                container["state"] = container.Object("lastState") is { Count: > 0 } crashed ? crashed.Copy() : Ended(0, "Completed", startedAt, now);
                container["lastState"] = new JsonObject();
                container["restartCount"] = 0;
            }
        }

        if (spec.Objects("initContainers").Any())
        {
            status["initContainerStatuses"] = new JsonArray([.. spec.Objects("initContainers").Select(container =>
                Initial(container, startedAt))]);
        }

        return status;
    }

    /// <summary>What a pod says of itself whose containers have done their work.</summary>
    public static JsonObject Done(JsonObject pod, DateTimeOffset now)
    {
        var status = (pod.Object("status")?.DeepClone() as JsonObject) ?? [];
        status["phase"] = "Succeeded";
        foreach (var type in new[] { "Ready", "ContainersReady" })
        {
            Conditions.Set(status, now, type, false, "PodCompleted", "");
        }

        foreach (var container in status.Objects("containerStatuses").Concat(status.Objects("initContainerStatuses")))
        {
            if (container.Object("state").Object("running") is { } running)
            {
                container["state"] = Ended(0, "Completed", running.Text("startedAt"), now);
            }

            container["ready"] = false;
            container["started"] = false;
        }

        return status;
    }

    private static bool IsIn(PodTrouble? trouble, JsonObject container) =>
        trouble is not null && (trouble.Container.Length == 0 || trouble.Container == container.Text("name"));

    private static JsonObject Container(JsonObject status, string field, JsonObject container, PodTrouble? trouble, string startedAt, DateTimeOffset now)
    {
        var before = status.Objects(field).FirstOrDefault(found => found.Text("name") == container.Text("name"));
        var isWaiting = trouble is { Reason.Length: > 0 };
        return new JsonObject
        {
            ["name"] = container.Text("name"),
            ["state"] = isWaiting
                ? new JsonObject { ["waiting"] = new JsonObject { ["reason"] = trouble?.Reason, ["message"] = trouble?.Message } }
                : new JsonObject { ["running"] = new JsonObject { ["startedAt"] = startedAt } },
            ["lastState"] = trouble?.Reason == "CrashLoopBackOff" ? Crashed(trouble, startedAt, now) : before.Object("lastState")?.Copy() ?? [],
            ["ready"] = trouble is null,
            ["restartCount"] = (before.Number("restartCount") ?? 0) + (trouble?.Reason == "CrashLoopBackOff" ? 1 : 0),
            ["image"] = container.Text("image"),
            ["imageID"] = isWaiting ? "" : container.Text("image"),
            ["started"] = !isWaiting,
        };
    }

    private static JsonObject Crashed(PodTrouble trouble, string startedAt, DateTimeOffset now)
    {
        var state = Ended(1, "Error", startedAt, now);
        state.Need("terminated")["message"] = trouble.Message;
        return state;
    }

    private static JsonObject Ended(int code, string reason, string startedAt, DateTimeOffset now) => new()
    {
        ["terminated"] = new JsonObject
        {
            ["exitCode"] = code,
            ["reason"] = reason,
            ["startedAt"] = startedAt,
            ["finishedAt"] = ObjectMeta.Time(now),
        },
    };

    // A container that goes on running beside the others, or one that had its turn.
    private static JsonObject Initial(JsonObject container, string startedAt)
    {
        var goesOn = container.Text("restartPolicy") == "Always";
        return new JsonObject
        {
            ["name"] = container.Text("name"),
            ["state"] = goesOn
                ? new JsonObject { ["running"] = new JsonObject { ["startedAt"] = startedAt } }
                : new JsonObject
                {
                    ["terminated"] = new JsonObject
                    {
                        ["exitCode"] = 0,
                        ["reason"] = "Completed",
                        ["startedAt"] = startedAt,
                        ["finishedAt"] = startedAt,
                    },
                },
            ["lastState"] = new JsonObject(),
            ["ready"] = true,
            ["restartCount"] = 0,
            ["image"] = container.Text("image"),
            ["imageID"] = container.Text("image"),
            ["started"] = goesOn,
        };
    }

    private static string QosClass(JsonObject? spec)
    {
        var resources = spec.Objects("containers").Select(container => container.Object("resources")).ToList();
        if (resources.All(resource => resource.Entries("requests").Count == 0 && resource.Entries("limits").Count == 0))
        {
            return "BestEffort";
        }

        var isGuaranteed = resources.All(resource =>
        {
            var limits = resource.Entries("limits");
            var requests = resource.Entries("requests");
            return limits.ContainsKey("cpu") && limits.ContainsKey("memory")
                && requests.All(request => limits.TryGetValue(request.Key, out var limit) && limit == request.Value);
        });
        return isGuaranteed ? "Guaranteed" : "Burstable";
    }
}
