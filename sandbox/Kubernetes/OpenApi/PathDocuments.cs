using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;

namespace MeshWorkflow.Sandbox.Kubernetes.OpenApi;

/// <summary>Describes the paths of resources: how far clients need it to know what a server can do.</summary>
internal static class PathDocuments
{
    private static readonly string[] Parameters = ["dryRun", "fieldManager", "fieldValidation", "force"];

    public static JsonObject Of(IEnumerable<(ResourceKind Kind, KindVersion Version)> kinds, bool isV3)
    {
        var paths = new JsonObject();
        foreach (var (kind, version) in kinds)
        {
            var root = kind.Group.Length == 0 ? $"/api/{version.Name}" : $"/apis/{kind.Group}/{version.Name}";
            var place = kind.IsNamespaced ? "/namespaces/{namespace}" : "";
            paths[$"{root}{place}/{kind.Plural}"] = Operations(kind, version, isV3, ("list", "get"), ("create", "post"));
            if (kind.Verbs.Contains("get"))
            {
                paths[$"{root}{place}/{kind.Plural}/{{name}}"] =
                    Operations(kind, version, isV3, ("get", "get"), ("update", "put"), ("patch", "patch"), ("delete", "delete"));
            }
        }

        return paths;
    }

    private static JsonObject Operations(ResourceKind kind, KindVersion version, bool isV3, params (string Verb, string Method)[] verbs)
    {
        var operations = new JsonObject();
        foreach (var (verb, method) in verbs.Where(item => kind.Verbs.Contains(item.Verb)))
        {
            operations[method] = new JsonObject
            {
                ["operationId"] = $"{verb}{version.Name}{kind.Kind}",
                ["parameters"] = method is "get" or "delete" ? new JsonArray() : Query(isV3),
                ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK" } },
                ["x-kubernetes-action"] = method,
                ["x-kubernetes-group-version-kind"] = TypeDocuments.IdOf(kind, version),
            };
        }

        return operations;
    }

    private static JsonArray Query(bool isV3) => new([.. Parameters.Select(name =>
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = "query" };
        var type = name == "force" ? "boolean" : "string";
        if (isV3)
        {
            parameter["schema"] = new JsonObject { ["type"] = type, ["uniqueItems"] = true };
        }
        else
        {
            parameter["type"] = type;
        }

        return parameter;
    })]);
}
