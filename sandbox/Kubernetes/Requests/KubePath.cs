namespace MeshWorkflow.Sandbox.Kubernetes.Requests;

/// <summary>A path to resources of an API server, taken apart.</summary>
/// <param name="Group">The API group; empty: the core.</param>
/// <param name="Version">The version.</param>
/// <param name="Plural">The resource; empty: the path ends at the version.</param>
/// <param name="Namespace">The namespace; empty: none.</param>
/// <param name="Name">The object's name; empty: all.</param>
/// <param name="Subresource">The part of the object; empty: all of it.</param>
internal sealed record KubePath(string Group, string Version, string Plural, string Namespace, string Name, string Subresource)
{
    /// <summary>Whether the path says that it is to be watched, as old clients do.</summary>
    public bool IsWatch { get; init; }

    /// <summary>Reads a path below <c>/api/</c> or <c>/apis/</c>; null: it is another one.</summary>
    public static KubePath? Read(string path)
    {
        var parts = path.Trim('/').Split('/').Select(Uri.UnescapeDataString).ToList();
        return parts switch
        {
            ["api", var version, .. var rest] => Resource("", version, rest),
            ["apis", var group, var version, .. var rest] => Resource(group, version, rest),
            _ => null,
        };
    }

    private static KubePath? Resource(string group, string version, List<string> parts)
    {
        if (parts is ["watch", .. var watched])
        {
            return Resource(group, version, watched) is { } path ? path with { IsWatch = true } : null;
        }

        return parts switch
        {
            [] => new KubePath(group, version, "", "", "", ""),
            ["namespaces", var name, "status" or "finalize"] when group.Length == 0 =>
                new KubePath(group, version, "namespaces", name, name, parts[2]),
            ["namespaces", var ns, var plural, .. var rest] => Named(group, version, plural, ns, rest),
            ["namespaces", var name] when group.Length == 0 => new KubePath(group, version, "namespaces", name, name, ""),
            [var plural, .. var rest] => Named(group, version, plural, "", rest),
        };
    }

    private static KubePath? Named(string group, string version, string plural, string ns, List<string> rest) => rest switch
    {
        [] => new KubePath(group, version, plural, ns, "", ""),
        [var name] => new KubePath(group, version, plural, ns, name, ""),
        [var name, var subresource] => new KubePath(group, version, plural, ns, name, subresource),
        _ => null,
    };
}
