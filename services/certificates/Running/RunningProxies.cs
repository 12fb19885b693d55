using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Steps.Objects;

namespace MeshWorkflow.Certificates.Running;

/// <summary>Which control planes the workloads of a cluster have their proxies from.</summary>
internal static class RunningProxies
{
    private static readonly ObjectType Pods = new("v1", "Pod", "pods");

    /// <summary>The revisions of all proxies that run.</summary>
    public static async Task<IReadOnlySet<string>> RevisionsAsync(ObjectClient client, CancellationToken cancellationToken) =>
        (await client.ListAsync(Pods, inNamespace: null, "fieldSelector=status.phase%21%3DSucceeded,status.phase%21%3DFailed", cancellationToken))
            .Select(ProxyStatus.RevisionOf)
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
}
