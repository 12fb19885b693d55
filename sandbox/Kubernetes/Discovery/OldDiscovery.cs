using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;

namespace MeshWorkflow.Sandbox.Kubernetes.Discovery;

/// <summary>Says what there is, one group and version at a time.</summary>
internal static class OldDiscovery
{
    public static JsonObject Core(string address) => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = address }),
    };

    public static JsonObject Groups(Catalog catalog) => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. catalog.Groups().Select(group => Group(group.Group, group.Versions))]),
    };

    /// <summary>One group by itself; null: there is no such group.</summary>
    public static JsonObject? Group(Catalog catalog, string name)
    {
        var found = catalog.Groups().FirstOrDefault(group => group.Group == name);
        if (found.Group is null)
        {
            return null;
        }

        var group = new JsonObject { ["kind"] = "APIGroup", ["apiVersion"] = "v1" };
        foreach (var (field, value) in Group(found.Group, found.Versions))
        {
            group[field] = value?.DeepClone();
        }

        return group;
    }

    /// <summary>The resources of a group's version; null: there is no such version.</summary>
    public static JsonObject? Resources(Catalog catalog, string group, string version)
    {
        var kinds = catalog.In(group, version).ToList();
        return kinds.Count == 0 ? null : new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}",
            ["resources"] = new JsonArray([.. kinds.SelectMany(kind => Resources(kind, kind.Version(version)))]),
        };
    }

    private static JsonObject Group(string name, IReadOnlyList<string> versions) => new()
    {
        ["name"] = name,
        ["versions"] = new JsonArray([.. versions.Select(version => Version(name, version))]),
        ["preferredVersion"] = Version(name, versions[0]),
    };

    private static JsonObject Version(string group, string version) => new() { ["groupVersion"] = $"{group}/{version}", ["version"] = version };

    private static IEnumerable<JsonNode> Resources(ResourceKind kind, KindVersion? version)
    {
        var resource = new JsonObject
        {
            ["name"] = kind.Plural,
            ["singularName"] = kind.Singular,
            ["namespaced"] = kind.IsNamespaced,
            ["kind"] = kind.Kind,
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

        yield return resource;
        foreach (var subresource in version?.Subresources ?? [])
        {
            yield return Part(kind, subresource);
        }
    }

    private static JsonObject Part(ResourceKind kind, Subresource subresource)
    {
        var part = new JsonObject
        {
            ["name"] = $"{kind.Plural}/{subresource.Name}",
            ["singularName"] = "",
            ["namespaced"] = kind.IsNamespaced,
        };
        if (subresource.ApiVersion.Split('/') is [var group, var version])
        {
            part["group"] = group;
            part["version"] = version;
        }

        part["kind"] = subresource.Kind.Length > 0 ? subresource.Kind : kind.Kind;
        part["verbs"] = Texts(subresource.Verbs);
        return part;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
