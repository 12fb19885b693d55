using System.Text.Json.Serialization;

namespace MeshWorkflow.KubernetesApi;

/// <summary>Finds what lies in a namespace, whatever kinds the cluster has.</summary>
public static class NamespaceContents
{
    private const string Metadata = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

    /// <summary>Lists everything in a namespace, but events and the token of its default account.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="name">The namespace.</param>
    /// <param name="cancellationToken">Stops the calls.</param>
    /// <returns>Each object, and whether it has an owner, with which it goes.</returns>
    /// <exception cref="ClusterCallException">The server refused, or could not be reached.</exception>
    public static async Task<IReadOnlyList<NamespaceContent>> ListAsync(
        ClusterConnection cluster, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var found = new List<NamespaceContent>();
        foreach (var (path, group) in await VersionsAsync(cluster, cancellationToken))
        {
            var resources = await cluster.GetAsync<Resources>(path, "application/json", cancellationToken);
            foreach (var resource in resources.Items.Where(IsListable))
            {
                var list = await cluster.GetAsync<Objects>($"{path}/namespaces/{name}/{resource.Name}", Metadata, cancellationToken);
                var kind = group.Length == 0 ? resource.Name : $"{resource.Name}.{group}";
                found.AddRange((list.Items ?? [])
                    .Where(item => item.Metadata.Account is not "default")
                    .Select(item => new NamespaceContent($"{kind}/{item.Metadata.Name}", item.Metadata.Owners is { Count: > 0 } || item.Metadata.Account is not null)));
            }
        }

        return found;
    }

    private static async Task<IReadOnlyList<(string Path, string Group)>> VersionsAsync(
        ClusterConnection cluster, CancellationToken cancellationToken)
    {
        var groups = await cluster.GetAsync<Groups>("apis", "application/json", cancellationToken);
        return [("api/v1", ""), .. groups.Items.Select(group => ($"apis/{group.Preferred.GroupVersion}", group.Name))];
    }

    // Events come and go by themselves, and every change makes some; endpoints go with their service, though they don't say so. What nobody
    // can delete is only told of others, as the figures of pods are (metrics.k8s.io).
    private static bool IsListable(Resource resource) =>
        resource.Namespaced && resource.Verbs.Contains("list") && resource.Verbs.Contains("delete") && !resource.Name.Contains('/', StringComparison.Ordinal) && resource.Name is not ("events" or "endpoints");

    private sealed record Groups([property: JsonPropertyName("groups")] IReadOnlyList<Group> Items);

    private sealed record Group(
        [property: JsonPropertyName("name")] string Name, [property: JsonPropertyName("preferredVersion")] Version Preferred);

    private sealed record Version([property: JsonPropertyName("groupVersion")] string GroupVersion);

    private sealed record Resources([property: JsonPropertyName("resources")] IReadOnlyList<Resource> Items);

    private sealed record Resource(
        [property: JsonPropertyName("name")] string Name,
        [property: JsonPropertyName("namespaced")] bool Namespaced,
        [property: JsonPropertyName("verbs")] IReadOnlyList<string> Verbs);

    // An API server says null of an empty list of metadata.
    private sealed record Objects([property: JsonPropertyName("items")] IReadOnlyList<Object>? Items);

    private sealed record Object([property: JsonPropertyName("metadata")] ObjectMetadata Metadata);

    private sealed record ObjectMetadata(
        [property: JsonPropertyName("name")] string Name,
        [property: JsonPropertyName("ownerReferences")] IReadOnlyList<Owner>? Owners,
        [property: JsonPropertyName("annotations")] IReadOnlyDictionary<string, string>? Annotations)
    {
        // Clusters before 1.24 make a token for every account, which goes with it.
        public string? Account => Annotations?.GetValueOrDefault("kubernetes.io/service-account.name");
    }

    private sealed record Owner([property: JsonPropertyName("uid")] string Uid);
}

/// <summary>An object in a namespace.</summary>
/// <param name="Name"><c>resource/name</c>, with the group where it has one: <c>deployments.apps/istiod</c>.</param>
/// <param name="IsOwned">Whether it has an owner: the garbage collector takes it away once that is gone.</param>
public sealed record NamespaceContent(string Name, bool IsOwned);
