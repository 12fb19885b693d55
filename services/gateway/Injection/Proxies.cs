using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi.Objects;

namespace MeshWorkflow.Gateway.Injection;

/// <summary>What pods say of their proxies.</summary>
internal static class Proxies
{
    private const string Inject = "sidecar.istio.io/inject";

    /// <summary>Whether a pod, or a template of pods, can get a proxy at all.</summary>
    public static bool AreWanted(JsonObject pod) =>
        pod.Text("metadata", "labels", Inject) != "false"
        && pod.Text("metadata", "annotations", Inject) != "false"
        && !(pod.Node("spec", "hostNetwork") is JsonValue network && network.TryGetValue<bool>(out var isOn) && isOn);

    /// <summary>Whether a pod still runs, or is to.</summary>
    public static bool AreAlive(JsonObject pod) => !pod.IsTerminating() && pod.Text("status", "phase") is not ("Succeeded" or "Failed");
}
