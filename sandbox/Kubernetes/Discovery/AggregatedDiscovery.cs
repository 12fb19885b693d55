using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;

namespace MeshWorkflow.Sandbox.Kubernetes.Discovery;

/// <summary>Says what there is, all at once.</summary>
internal static class AggregatedDiscovery
{
    /// <summary>The version that a caller accepts; null: it wants the old form.</summary>
    public static string? VersionFor(string accept) => accept.Split(',')
        .Where(type => type.Contains("as=APIGroupDiscoveryList", StringComparison.Ordinal) && type.Contains("application/json", StringComparison.Ordinal))
        .Select(type => type.Contains("v=v2beta1", StringComparison.Ordinal) ? "v2beta1" : "v2")
        .FirstOrDefault();

    public static string ContentType(string version) => $"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList";

    public static JsonObject Core(Catalog catalog, string version) => List(version, [Group(catalog, "", ["v1"])]);

    public static JsonObject Groups(Catalog catalog, string version) =>
        List(version, catalog.Groups().Select(group => Group(catalog, group.Group, group.Versions)));

    private static JsonObject List(string version, IEnumerable<JsonObject> groups) => new()
    {
        ["kind"] = "APIGroupDiscoveryList",
        ["apiVersion"] = $"apidiscovery.k8s.io/{version}",
        ["metadata"] = new JsonObject(),
        ["items"] = new JsonArray([.. groups]),
    };

    private static JsonObject Group(Catalog catalog, string name, IReadOnlyList<string> versions) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["creationTimestamp"] = null },
        ["versions"] = new JsonArray([.. versions.Select(version => new JsonObject
        {
            ["version"] = version,
            ["resources"] = new JsonArray([.. catalog.In(name, version).Select(kind => Resource(kind, kind.Version(version) ?? kind.Storage))]),
            ["freshness"] = "Current",
        })]),
    };

    private static JsonObject Resource(ResourceKind kind, KindVersion version)
    {
        var resource = new JsonObject
        {
            ["resource"] = kind.Plural,
            ["responseKind"] = new JsonObject { ["group"] = kind.Group, ["version"] = version.Name, ["kind"] = kind.Kind },
            ["scope"] = kind.IsNamespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = kind.Singular,
            ["verbs"] = Texts(kind.Verbs),
        };
        if (kind.ShortNames.Count > 0)
        {
            resource["shortNames"] = Texts(kind.ShortNames);
        }

        if (kind.Categories.Count > 0)
        {
            resource["categories"] = Texts(kind.Categories);
        }

        if (version.Subresources.Count > 0)
        {
            resource["subresources"] = new JsonArray([.. version.Subresources.Select(part => Part(kind, version, part))]);
        }

        return resource;
    }

    private static JsonObject Part(ResourceKind kind, KindVersion version, Subresource part)
    {
        var place = part.ApiVersion.Split('/');
        var (group, number) = part.ApiVersion.Length == 0 ? (kind.Group, version.Name) : place.Length == 2 ? (place[0], place[1]) : ("", place[0]);
        return new JsonObject
        {
            ["subresource"] = part.Name,
            ["responseKind"] = new JsonObject
            {
                ["group"] = group,
                ["version"] = number,
                ["kind"] = part.Kind.Length > 0 ? part.Kind : kind.Kind,
            },
            ["verbs"] = Texts(part.Verbs),
        };
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
