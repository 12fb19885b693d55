using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Events;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Pods;

/// <summary>What the kubelet tells of a pod's containers.</summary>
internal sealed class PodEvents(EventRecorder events)
{
    private static readonly ResourceKind Pods = BuiltinKinds.Find("", "pods");

    /// <summary>Tells what has happened since a pod's status was as before.</summary>
    /// <param name="before">The pod before.</param>
    /// <param name="after">The pod now.</param>
    /// <param name="trouble">What is wrong with it; null: nothing.</param>
    public void Started(JsonObject before, JsonObject after, PodTrouble? trouble)
    {
        foreach (var field in new[] { "initContainers", "containers" })
        {
            foreach (var container in after.Object("spec").Objects(field))
            {
                var isIn = trouble is not null && field == "containers" && (trouble.Container.Length == 0 || trouble.Container == container.Text("name"));
                Tell(before, after, field, container, isIn ? trouble : null);
            }
        }
    }

    /// <summary>Tells that the containers of a pod are being ended.</summary>
    public void Ending(JsonObject pod)
    {
        foreach (var container in pod.Object("spec").Objects("containers").Where(container => IsRunning(pod, "containers", container)))
        {
            Tell(pod, "containers", container, new Happening("Killing", $"Stopping container {container.Text("name")}"));
        }
    }

    private void Tell(JsonObject before, JsonObject after, string field, JsonObject container, PodTrouble? trouble)
    {
        var name = container.Text("name");
        switch (trouble?.Reason)
        {
            case "ErrImagePull" or "ImagePullBackOff" or "InvalidImageName":
                Pulling(after, field, container, trouble, isFirst: StatusOf(before, field, container) is null);
                return;
            case "CrashLoopBackOff":
                RunOnce(before, after, field, container, isFirst: StatusOf(before, field, container) is null);
                Tell(after, field, container, Happening.Warning(
                    "BackOff", $"Back-off restarting failed container {name} in pod {after.Name()}_{after.Namespace()}({after.Uid()})"));
                return;
            case { Length: > 0 }:
                Tell(after, field, container, Happening.Warning("Failed", $"Error: {trouble.Message}"));
                return;
        }

        RunOnce(before, after, field, container, isFirst: !HasRun(before, field, container));
        if (trouble is not null)
        {
            Tell(after, field, container, Happening.Warning("Unhealthy", trouble.Message.Length > 0 ? trouble.Message : "Readiness probe failed: "));
        }
    }

    private void Pulling(JsonObject pod, string field, JsonObject container, PodTrouble trouble, bool isFirst)
    {
        var image = container.Text("image");
        if (isFirst)
        {
            Tell(pod, field, container, new Happening("Pulling", $"Pulling image \"{image}\""));
            Tell(pod, field, container, Happening.Warning("Failed", $"Failed to pull image \"{image}\": {trouble.Message}"));
            Tell(pod, field, container, Happening.Warning("Failed", "Error: ErrImagePull"));
        }

        Tell(pod, field, container, new Happening("BackOff", $"Back-off pulling image \"{image}\""));
        Tell(pod, field, container, Happening.Warning("Failed", "Error: ImagePullBackOff"));
    }

    private void RunOnce(JsonObject before, JsonObject after, string field, JsonObject container, bool isFirst)
    {
        if (!isFirst || before.IsTerminating())
        {
            return;
        }

        var (name, image) = (container.Text("name"), container.Text("image"));
        if (container.Text("imagePullPolicy") == "Always")
        {
            Tell(after, field, container, new Happening("Pulling", $"Pulling image \"{image}\""));
            Tell(after, field, container, new Happening("Pulled", $"Successfully pulled image \"{image}\" in 214ms (214ms including waiting). Image size: 71300402 bytes."));
        }
        else
        {
            Tell(after, field, container, new Happening("Pulled", $"Container image \"{image}\" already present on machine"));
        }

        Tell(after, field, container, new Happening("Created", $"Created container: {name}"));
        Tell(after, field, container, new Happening("Started", $"Started container {name}"));
    }

    private void Tell(JsonObject pod, string field, JsonObject container, Happening happened) => events.Tell(
        EventReporter.Kubelet(pod.Object("spec").Text("nodeName")), Pods, pod, happened with { Field = $"spec.{field}{{{container.Text("name")}}}" });

    private static JsonObject? StatusOf(JsonObject pod, string field, JsonObject container) => pod.Object("status")
        .Objects(field == "containers" ? "containerStatuses" : "initContainerStatuses").FirstOrDefault(status => status.Text("name") == container.Text("name"));

    private static bool IsRunning(JsonObject pod, string field, JsonObject container) =>
        StatusOf(pod, field, container).Object("state").Object("running") is not null;

    private static bool HasRun(JsonObject pod, string field, JsonObject container) =>
        IsRunning(pod, field, container) || StatusOf(pod, field, container).Object("state").Object("terminated") is not null;
}
