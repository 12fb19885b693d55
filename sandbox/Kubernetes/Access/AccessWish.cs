using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Requests;

namespace MeshWorkflow.Sandbox.Kubernetes.Access;

/// <summary>What somebody wants to do.</summary>
/// <param name="Verb">Such as <c>get</c>.</param>
/// <param name="Group">The API group; empty: the core.</param>
/// <param name="Resource">Such as <c>pods</c>.</param>
internal sealed record AccessWish(string Verb, string Group = "", string Resource = "")
{
    public string Subresource { get; init; } = "";

    /// <summary>The namespace; empty: all of them, or none.</summary>
    public string Namespace { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>The path, where it is about no resource.</summary>
    public string Path { get; init; } = "";

    public string ResourceText => Subresource.Length > 0 ? $"{Resource}/{Subresource}" : Resource;

    public static AccessWish Of(KubePath path, string verb) => new(verb, path.Group, path.Plural)
    {
        Subresource = path.Subresource,
        Namespace = path.Namespace,
        Name = path.Name,
    };

    /// <summary>Reads what a review asks about.</summary>
    public static AccessWish Of(JsonObject? spec)
    {
        var resource = spec.Object("resourceAttributes");
        return resource is null
            ? new AccessWish(spec.Object("nonResourceAttributes").Text("verb")) { Path = spec.Object("nonResourceAttributes").Text("path") }
            : new AccessWish(resource.Text("verb"), resource.Text("group"), resource.Text("resource"))
            {
                Subresource = resource.Text("subresource"),
                Namespace = resource.Text("namespace"),
                Name = resource.Text("name"),
            };
    }
}
