namespace MeshWorkflow.KubernetesApi.Objects;

/// <summary>Names one object of a cluster, whatever version of its kind one speaks.</summary>
/// <param name="Group">The API group; empty: the core.</param>
/// <param name="Plural">The resource, such as <c>deployments</c>.</param>
/// <param name="Namespace">The namespace; null: the object belongs to the cluster.</param>
/// <param name="Name">The name.</param>
public sealed record ObjectRef(string Group, string Plural, string? Namespace, string Name)
{
    private const string Marker = "/k8s/";

    /// <summary>The full resource name.</summary>
    /// <param name="cluster">That of the cluster.</param>
    /// <returns>The name, such as <c>…/k8s/namespaces/istio-system/apps/deployments/istiod</c>.</returns>
    public string ResourceName(string cluster)
    {
        var place = Namespace is null ? "" : $"namespaces/{Namespace}/";
        var group = Group.Length == 0 ? "" : $"{Group}/";
        return $"{cluster}{Marker}{place}{group}{Plural}/{Name}";
    }

    /// <summary>From a full resource name back to the object.</summary>
    /// <param name="resource">The full resource name.</param>
    /// <returns>The object.</returns>
    /// <exception cref="FormatException">It names no object.</exception>
    public static ObjectRef Parse(string resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var at = resource.IndexOf(Marker, StringComparison.Ordinal);
        var parts = at < 0 ? [] : resource[(at + Marker.Length)..].Split('/');
        return parts switch
        {
            ["namespaces", var ns, var group, var plural, var name] => new ObjectRef(group, plural, ns, name),
            ["namespaces", var ns, var plural, var name] => new ObjectRef("", plural, ns, name),
            [var group, var plural, var name] => new ObjectRef(group, plural, null, name),
            [var plural, var name] => new ObjectRef("", plural, null, name),
            _ => throw new FormatException($"'{resource}' names no object of a cluster."),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Plural}{(Group.Length == 0 ? "" : $".{Group}")}/{(Namespace is null ? "" : $"{Namespace}/")}{Name}";
}
