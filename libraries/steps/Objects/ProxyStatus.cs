using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi.Objects;

namespace MeshWorkflow.Steps.Objects;

/// <summary>What the injector has written on a pod of the proxy that it has given it.</summary>
public static class ProxyStatus
{
    private const string Annotation = "sidecar.istio.io/status";
    private const string DefaultRevision = "default";

    /// <summary>The revision of a pod's proxy.</summary>
    /// <param name="pod">The pod.</param>
    /// <returns>The revision; <see langword="null"/>: it has no proxy, or nobody knows of which.</returns>
    public static string? RevisionOf(JsonObject pod)
    {
        ArgumentNullException.ThrowIfNull(pod);
        try
        {
            return pod.Text("metadata", "annotations", Annotation) is { } status && JsonNode.Parse(status) is JsonObject read
                ? read.Text("revision") ?? DefaultRevision
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
