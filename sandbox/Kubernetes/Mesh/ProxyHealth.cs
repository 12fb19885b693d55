using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Pods;

namespace MeshWorkflow.Sandbox.Kubernetes.Mesh;

/// <summary>A gateway that nobody injected tries to pull an image called auto.</summary>
internal sealed class ProxyHealth : IPodHealth
{
    public PodTrouble? TroubleOf(JsonObject pod) =>
        pod.Object("spec").Objects("containers").FirstOrDefault(container => container.Text("image") == "auto") is { } bare
            ? new PodTrouble(bare.Text("name"), "ImagePullBackOff", "Back-off pulling image \"auto\"")
            : null;
}
