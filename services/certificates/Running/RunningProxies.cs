using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi.Objects;

namespace MeshWorkflow.Certificates.Running;

/// <summary>Which control planes the workloads of a cluster have their proxies from.</summary>
internal static class RunningProxies
{
    private const string Status = "sidecar.istio.io/status";

    private static readonly ObjectType Pods = new("v1", "Pod", "pods");

    /// <summary>The revisions of all proxies that run.</summary>
    public static async Task<IReadOnlySet<string>> RevisionsAsync(ObjectClient client, CancellationToken cancellationToken) =>
        (await client.ListAsync(Pods, inNamespace: null, "fieldSelector=status.phase%21%3DSucceeded,status.phase%21%3DFailed", cancellationToken))
            .Select(pod => RevisionOf(pod.Text("metadata", "annotations", Status)))
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);

    // Null: no proxy, or nobody knows of which.
    private static string? RevisionOf(string? status)
    {
        try
        {
            return status is not null && JsonNode.Parse(status) is JsonObject read ? read.Text("revision") ?? RunningAuthorities.Default : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
