namespace MeshWorkflow.Sandbox.Kubernetes.Kinds;

/// <summary>The kinds of one cluster: the built-in ones and those of its CustomResourceDefinitions.</summary>
internal sealed class Catalog
{
    private readonly SortedDictionary<string, ResourceKind> _custom = new(StringComparer.Ordinal);

    public IEnumerable<ResourceKind> Kinds => BuiltinKinds.All.Concat(_custom.Values);

    /// <summary>The kinds that have objects of their own.</summary>
    public IEnumerable<ResourceKind> StoredKinds => Kinds.Where(kind => kind.Shows is null);

    public IEnumerable<ResourceKind> CustomKinds => _custom.Values;

    /// <summary>Grows with every change of the kinds.</summary>
    public int Generation { get; private set; }

    /// <summary>The API groups with their versions, the preferred one first; without the core.</summary>
    public IEnumerable<(string Group, IReadOnlyList<string> Versions)> Groups() => Kinds
        .Where(kind => kind.Group.Length > 0)
        .GroupBy(kind => kind.Group, StringComparer.Ordinal)
        .Select(group => (group.Key, (IReadOnlyList<string>)[.. group
            .SelectMany(kind => kind.Versions.Where(version => version.IsServed))
            .Select(version => version.Name)
            .Distinct()
            .Order(VersionOrder.Instance)]))
        .Where(group => group.Item2.Count > 0);

    public ResourceKind? Find(string group, string version, string plural) =>
        Kinds.FirstOrDefault(kind => kind.Group == group && kind.Plural == plural && kind.Version(version) is not null);

    /// <summary>The kind of an object, by what it says of itself.</summary>
    public ResourceKind? OfObject(string apiVersion, string kind)
    {
        var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        var (group, version) = slash < 0 ? ("", apiVersion) : (apiVersion[..slash], apiVersion[(slash + 1)..]);
        return Kinds.FirstOrDefault(found => found.Group == group && found.Kind == kind && found.Version(version) is not null);
    }

    public IEnumerable<ResourceKind> In(string group, string version) =>
        Kinds.Where(kind => kind.Group == group && kind.Version(version) is not null);

    public void Put(ResourceKind kind)
    {
        _custom[kind.GroupResource] = kind;
        Generation++;
    }

    /// <summary>Puts other custom kinds in the place of all.</summary>
    public void Replace(IEnumerable<ResourceKind> kinds)
    {
        _custom.Clear();
        Generation++;
        foreach (var kind in kinds)
        {
            Put(kind);
        }
    }

    public void Remove(string groupResource)
    {
        if (_custom.Remove(groupResource))
        {
            Generation++;
        }
    }
}
