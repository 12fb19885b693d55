using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace MeshWorkflow.KubernetesApi.Objects;

/// <summary>
/// From kinds to the paths that serve them. What every cluster has, and what the mesh brings, is known; of the rest the cluster is
/// asked, once per instance.
/// </summary>
/// <param name="cluster">The cluster.</param>
public sealed class ObjectTypes(ClusterConnection cluster)
{
    private static readonly ObjectType[] Known =
    [
        new("v1", "Namespace", "namespaces", IsNamespaced: false),
        new("v1", "ConfigMap", "configmaps"),
        new("v1", "Secret", "secrets"),
        new("v1", "Service", "services"),
        new("v1", "ServiceAccount", "serviceaccounts"),
        new("v1", "Pod", "pods"),
        new("apps/v1", "Deployment", "deployments"),
        new("apps/v1", "DaemonSet", "daemonsets"),
        new("apps/v1", "StatefulSet", "statefulsets"),
        new("apps/v1", "ReplicaSet", "replicasets"),
        new("autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
        new("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets"),
        new("coordination.k8s.io/v1", "Lease", "leases"),
        new("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies"),
        new("networking.k8s.io/v1", "Ingress", "ingresses"),
        new("rbac.authorization.k8s.io/v1", "Role", "roles"),
        new("rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings"),
        new("rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", IsNamespaced: false),
        new("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "clusterrolebindings", IsNamespaced: false),
        new("apiextensions.k8s.io/v1", "CustomResourceDefinition", "customresourcedefinitions", IsNamespaced: false),
        new("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", IsNamespaced: false),
        new("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", IsNamespaced: false),
        .. Istio("networking.istio.io/v1alpha3", "EnvoyFilter"),
        .. Istio("networking.istio.io/v1", "DestinationRule", "Gateway", "Sidecar", "VirtualService", "WorkloadEntry", "WorkloadGroup"),
        .. Istio("networking.istio.io/v1beta1", "ProxyConfig"),
        .. Istio("security.istio.io/v1", "AuthorizationPolicy", "PeerAuthentication", "RequestAuthentication"),
        .. Istio("telemetry.istio.io/v1", "Telemetry"),
        .. Istio("extensions.istio.io/v1alpha1", "WasmPlugin"),
        new("networking.istio.io/v1", "ServiceEntry", "serviceentries"),
    ];

    private readonly ConcurrentDictionary<string, IReadOnlyList<ObjectType>> _asked = [];

    /// <summary>Finds what serves a kind.</summary>
    /// <param name="apiVersion">Its version, with the group.</param>
    /// <param name="kind">Its name.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The type, or <see langword="null"/>: the cluster doesn't have the kind.</returns>
    public async Task<ObjectType?> FindAsync(string apiVersion, string kind, CancellationToken cancellationToken)
    {
        var group = GroupOf(apiVersion);
        var known = Known.FirstOrDefault(type => type.Kind == kind && type.Group == group);
        return known is not null
            ? known with { ApiVersion = apiVersion }
            : (await AskAsync(apiVersion, cancellationToken)).FirstOrDefault(type => type.Kind == kind);
    }

    /// <summary>Finds what serves a resource, in the version that we or the cluster prefer.</summary>
    /// <param name="group">Its group.</param>
    /// <param name="plural">Its name.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The type, or <see langword="null"/>: the cluster doesn't have the resource.</returns>
    public async Task<ObjectType?> FindResourceAsync(string group, string plural, CancellationToken cancellationToken)
    {
        if (Known.FirstOrDefault(type => type.Plural == plural && type.Group == group) is { } known)
        {
            return known;
        }

        var found = await cluster.FindJsonAsync(group.Length == 0 ? "api/v1" : $"apis/{group}", cancellationToken);
        var version = group.Length == 0 ? "v1" : found?["preferredVersion"]?["groupVersion"]?.GetValue<string>();
        return version is null ? null : (await AskAsync(version, cancellationToken)).FirstOrDefault(type => type.Plural == plural);
    }

    internal static string GroupOf(string apiVersion) =>
        apiVersion.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? apiVersion[..slash] : "";

    private static IEnumerable<ObjectType> Istio(string apiVersion, params string[] kinds) => kinds.Select(kind =>
        new ObjectType(apiVersion, kind, kind.ToLowerInvariant() switch
        {
            var name when name.EndsWith('y') => $"{name[..^1]}ies",
            "proxyconfig" => "proxyconfigs",
            var name => $"{name}s",
        }));

    private async Task<IReadOnlyList<ObjectType>> AskAsync(string apiVersion, CancellationToken cancellationToken)
    {
        if (!_asked.TryGetValue(apiVersion, out var types))
        {
            var path = apiVersion.Contains('/', StringComparison.Ordinal) ? $"apis/{apiVersion}" : $"api/{apiVersion}";
            var found = await cluster.FindJsonAsync(path, cancellationToken);
            types = [.. (found?["resources"] as JsonArray ?? []).OfType<JsonObject>()
                .Select(resource => new ObjectType(
                    apiVersion,
                    resource["kind"]!.GetValue<string>(),
                    resource["name"]!.GetValue<string>(),
                    resource["namespaced"]!.GetValue<bool>()))
                .Where(type => !type.Plural.Contains('/', StringComparison.Ordinal))];
            _asked[apiVersion] = types;
        }

        return types;
    }
}

/// <summary>A kind, as a cluster serves it.</summary>
/// <param name="ApiVersion">The version, with the group.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Plural">The resource.</param>
/// <param name="IsNamespaced">Whether its objects lie in namespaces.</param>
public sealed record ObjectType(string ApiVersion, string Kind, string Plural, bool IsNamespaced = true)
{
    /// <summary>The API group; empty: the core.</summary>
    public string Group => ObjectTypes.GroupOf(ApiVersion);

    internal string Path(string? inNamespace)
    {
        var root = Group.Length == 0 ? $"api/{ApiVersion}" : $"apis/{ApiVersion}";
        return inNamespace is null ? $"{root}/{Plural}" : $"{root}/namespaces/{inNamespace}/{Plural}";
    }
}
