using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.CustomResources;

/// <summary>Whether a CustomResourceDefinition's schema is one by which a server can store objects.</summary>
internal static class SchemaChecks
{
    private static readonly string[] Types = ["array", "boolean", "integer", "number", "object", "string"];

    public static IEnumerable<FieldMistake> Mistakes(JsonObject schema, string path) => Type(schema, path, "object fields").Concat(Inner(schema, path));

    private static IEnumerable<FieldMistake> Type(JsonObject schema, string path, string what)
    {
        var type = schema.Text("type");
        var isFree = schema.Flag("x-kubernetes-int-or-string") || schema.Flag("x-kubernetes-preserve-unknown-fields");
        if (type.Length == 0 && !isFree)
        {
            yield return FieldMistake.Required($"{path}.type", $"must not be empty for specified {what}");
        }
        else if (type.Length > 0 && !Types.Contains(type))
        {
            yield return FieldMistake.NotSupported($"{path}.type", type, Types);
        }
        else if (schema["default"] is { } initial && ValueChecks.Mistakes(schema, initial, "").Any())
        {
            yield return FieldMistake.Invalid($"{path}.default", initial.ToJsonString(), $"must be of type {type}");
        }
    }

    private static IEnumerable<FieldMistake> Inner(JsonObject schema, string path)
    {
        if (schema.Text("type") == "array" && schema["items"] is null)
        {
            yield return FieldMistake.Required($"{path}.items", "must be specified");
        }

        if (schema["properties"] is not null && schema["additionalProperties"] is not null)
        {
            yield return FieldMistake.Forbidden($"{path}.additionalProperties", "additionalProperties and properties are mutual exclusive");
        }

        if (schema.Text("x-kubernetes-list-type") == "map" && !schema.Texts("x-kubernetes-list-map-keys").Any())
        {
            yield return FieldMistake.Required($"{path}.x-kubernetes-list-map-keys", "must not be empty if x-kubernetes-list-type is map");
        }

        var parts = (schema.Object("properties") ?? []).Where(pair => pair.Value is JsonObject)
            .Select(pair => (Schema: pair.Value as JsonObject ?? [], Path: $"{path}.properties[{pair.Key}]", What: "object fields"));
        if (schema.Object("items") is { } items)
        {
            parts = parts.Append((items, $"{path}.items", "array items"));
        }

        if (schema.Object("additionalProperties") is { } values)
        {
            parts = parts.Append((values, $"{path}.additionalProperties", "object fields"));
        }

        foreach (var mistake in parts.SelectMany(part => Type(part.Schema, part.Path, part.What).Concat(Inner(part.Schema, part.Path))))
        {
            yield return mistake;
        }
    }
}
