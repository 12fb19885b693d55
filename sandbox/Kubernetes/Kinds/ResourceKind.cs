using MeshWorkflow.Sandbox.Kubernetes.Schemas;
using MeshWorkflow.Sandbox.Kubernetes.Verbs;

namespace MeshWorkflow.Sandbox.Kubernetes.Kinds;

/// <summary>A kind of resource that an API server has.</summary>
/// <param name="Group">Its API group; empty: the core.</param>
/// <param name="Plural">Its name in paths.</param>
/// <param name="Kind">Its name in objects.</param>
/// <param name="IsNamespaced">Whether its objects lie in namespaces.</param>
internal sealed record ResourceKind(string Group, string Plural, string Kind, bool IsNamespaced)
{
    private static readonly string[] AllVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    public string Singular { get; init; } = Kind.ToLowerInvariant();

    public string ListKind { get; init; } = $"{Kind}List";

    public IReadOnlyList<string> ShortNames { get; init; } = [];

    public IReadOnlyList<string> Categories { get; init; } = [];

    public IReadOnlyList<string> Verbs { get; init; } = AllVerbs;

    /// <summary>Its versions, the preferred one first.</summary>
    public required IReadOnlyList<KindVersion> Versions { get; init; }

    /// <summary>In which version its objects are kept.</summary>
    public KindVersion Storage => Versions.FirstOrDefault(version => version.IsStorage) ?? Versions[0];

    /// <summary>The kind whose objects it shows under other names; null: it has objects of its own.</summary>
    public ResourceKind? Shows { get; init; }

    /// <summary>The kind that its objects are kept as.</summary>
    public ResourceKind Stored => Shows ?? this;

    /// <summary>Whether an update need not say which version of the object it is about.</summary>
    public bool MayUpdateUnconditionally { get; init; } = true;

    /// <summary>Whether an update makes what isn't there.</summary>
    public bool MayCreateOnUpdate { get; init; }

    /// <summary>Whether a CustomResourceDefinition brought it.</summary>
    public bool IsCustom { get; init; }

    /// <summary>Such as <c>deployments.apps</c>.</summary>
    public string GroupResource { get; } = Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    public string ApiVersion(KindVersion version) => Group.Length == 0 ? version.Name : $"{Group}/{version.Name}";

    public KindVersion? Version(string name) => Versions.FirstOrDefault(version => version.Name == name && version.IsServed);
}

/// <summary>A version of a kind.</summary>
/// <param name="Name">Such as <c>v1</c>.</param>
internal sealed record KindVersion(string Name)
{
    public bool IsServed { get; init; } = true;

    public bool IsStorage { get; init; }

    /// <summary>What its objects are asked for in parts.</summary>
    public IReadOnlyList<Subresource> Subresources { get; init; } = [];

    /// <summary>The name of the type that describes it, as in OpenAPI.</summary>
    public string TypeName { get; init; } = "";

    /// <summary>Where its objects have the number of their pods.</summary>
    public ScalePaths Scale { get; init; } = new();

    /// <summary>The columns of its tables, where a CustomResourceDefinition brought it.</summary>
    public IReadOnlyList<PrinterColumn> Columns { get; init; } = [];

    /// <summary>The type of its objects, where a CustomResourceDefinition brought it.</summary>
    public Schema? CustomSchema { get; init; }

    /// <summary>The type of its objects.</summary>
    public Schema Schema => CustomSchema ?? BuiltinTypes.Find(TypeName);

    public bool HasStatus => Subresources.Any(subresource => subresource.Name == "status");
}

/// <summary>A part of an object that has a path of its own.</summary>
/// <param name="Name">Such as <c>status</c>.</param>
/// <param name="Verbs">What can be done with it.</param>
internal sealed record Subresource(string Name, params IReadOnlyList<string> Verbs)
{
    /// <summary>What comes and goes there, where it isn't the object itself.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The version of <see cref="Kind"/>, such as <c>autoscaling/v1</c>.</summary>
    public string ApiVersion { get; init; } = "";
}
