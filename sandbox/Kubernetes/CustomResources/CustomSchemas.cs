using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Schemas;

namespace MeshWorkflow.Sandbox.Kubernetes.CustomResources;

/// <summary>Reads the structural schemas of CustomResourceDefinitions.</summary>
internal static class CustomSchemas
{
    /// <summary>The type of the objects of a version.</summary>
    public static Schema Root(JsonObject rules)
    {
        var root = Read(rules);
        return new Schema(SchemaType.Object, () => WithMetadata(root.Fields))
        {
            Rules = rules,
            KeepsUnknown = root.KeepsUnknown,
            Items = root.Items,
        };
    }

    private static Dictionary<string, Schema> WithMetadata(IReadOnlyDictionary<string, Schema> fields) => new(fields, StringComparer.Ordinal)
    {
        ["apiVersion"] = new Schema(SchemaType.String),
        ["kind"] = new Schema(SchemaType.String),
        ["metadata"] = BuiltinTypes.Find("meta.v1.ObjectMeta"),
    };

    private static Schema Read(JsonObject rules)
    {
        var type = TypeOf(rules);
        var isEmbedded = rules.Flag("x-kubernetes-embedded-resource");
        return new Schema(type, () => Fields(rules, isEmbedded))
        {
            Rules = rules,
            Format = rules.Text("format"),
            Items = rules.Object("items") is { } items ? Read(items) : Values(rules),
            ListType = rules.Text("x-kubernetes-list-type") switch { "map" => ListType.Map, "set" => ListType.Set, _ => ListType.Atomic },
            Keys = [.. rules.Texts("x-kubernetes-list-map-keys")],
            IsAtomic = rules.Text("x-kubernetes-map-type") == "atomic",
            KeepsUnknown = rules.Flag("x-kubernetes-preserve-unknown-fields"),
            IsNullable = rules.Flag("nullable"),
            IsEmbedded = isEmbedded,
            Default = rules["default"],
        };
    }

    private static Dictionary<string, Schema> Fields(JsonObject rules, bool isEmbedded)
    {
        var fields = rules.Object("properties")?.Where(pair => pair.Value is JsonObject)
            .ToDictionary(pair => pair.Key, pair => Read(pair.Value as JsonObject ?? []), StringComparer.Ordinal) ?? [];
        return isEmbedded ? WithMetadata(fields) : fields;
    }

    private static Schema? Values(JsonObject rules) => rules["additionalProperties"] switch
    {
        JsonObject values => Read(values),
        JsonValue value when value.TryGetValue<bool>(out var any) && any => Schema.Any,
        _ => null,
    };

    private static SchemaType TypeOf(JsonObject rules)
    {
        if (rules.Flag("x-kubernetes-int-or-string"))
        {
            return SchemaType.IntOrString;
        }

        return rules.Text("type") switch
        {
            "object" when rules.Object("properties") is null && rules["additionalProperties"] is JsonObject => SchemaType.Map,
            "object" => SchemaType.Object,
            "array" => SchemaType.List,
            "string" => SchemaType.String,
            "integer" => SchemaType.Integer,
            "number" => SchemaType.Number,
            "boolean" => SchemaType.Boolean,
            _ => SchemaType.Any,
        };
    }
}
