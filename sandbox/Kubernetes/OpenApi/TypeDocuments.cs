using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Schemas;

namespace MeshWorkflow.Sandbox.Kubernetes.OpenApi;

/// <summary>Describes types as OpenAPI does.</summary>
/// <param name="prefix">What references to types begin with.</param>
internal sealed class TypeDocuments(string prefix)
{
    private const string Quantity = "io.k8s.apimachinery.pkg.api.resource.Quantity";
    private const string IntOrString = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";

    // No type: clients take it for anything, and an object would be taken for a map.
    private const string Json = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON";
    private const string Time = "io.k8s.apimachinery.pkg.apis.meta.v1.Time";

    private readonly SortedDictionary<string, JsonObject> _types = new(StringComparer.Ordinal);

    /// <summary>The types that were described, and those that they refer to.</summary>
    public JsonObject Types => new(_types.Select(type => KeyValuePair.Create<string, JsonNode?>(type.Key, type.Value.DeepClone())));

    /// <summary>Describes the type of a kind's version.</summary>
    public void Add(ResourceKind kind, KindVersion version)
    {
        var name = NameOf(kind, version);
        if (version.CustomSchema is null)
        {
            Refer(version.Schema);
        }
        else
        {
            _types[name] = Custom(version);
        }

        _types[name]["x-kubernetes-group-version-kind"] = new JsonArray(IdOf(kind, version));
    }

    public static JsonObject IdOf(ResourceKind kind, KindVersion version) =>
        new() { ["group"] = kind.Group, ["kind"] = kind.Kind, ["version"] = version.Name };

    /// <summary>What OpenAPI calls the type of a kind's version: a custom one by its group, the other way round.</summary>
    public static string NameOf(ResourceKind kind, KindVersion version) => version.CustomSchema is null
        ? TypeNames.InOpenApi(version.TypeName)
        : $"{string.Join('.', kind.Group.Split('.').Reverse())}.{version.Name}.{kind.Kind}";

    private JsonObject Custom(KindVersion version)
    {
        var type = version.CustomSchema?.Rules?.DeepClone() as JsonObject ?? [];
        var properties = type["properties"] as JsonObject ?? [];
        properties["apiVersion"] = new JsonObject { ["type"] = "string" };
        properties["kind"] = new JsonObject { ["type"] = "string" };
        properties["metadata"] = Refer(BuiltinTypes.Find("meta.v1.ObjectMeta"));
        type["properties"] = properties.Parent is null ? properties : properties.DeepClone();
        return type;
    }

    private JsonObject Refer(Schema schema)
    {
        var name = TypeNames.InOpenApi(schema.Name);
        if (!_types.ContainsKey(name))
        {
            var type = new JsonObject { ["description"] = Descriptions.Of(schema.Name), ["type"] = "object" };
            _types[name] = type;
            Describe(schema, type);
        }

        return new JsonObject { ["$ref"] = prefix + name };
    }

    private void Describe(Schema schema, JsonObject type)
    {
        var required = schema.Fields.Where(field => field.Value.IsRequired).Select(field => (JsonNode)field.Key).ToList();
        if (required.Count > 0)
        {
            type["required"] = new JsonArray([.. required]);
        }

        if (schema.Fields.Count > 0)
        {
            type["properties"] = new JsonObject(schema.Fields.Select(field => KeyValuePair.Create<string, JsonNode?>(field.Key, Field(field.Value))));
        }

        if (schema.IsAtomic)
        {
            type["x-kubernetes-map-type"] = "atomic";
        }
    }

    private JsonObject Field(Schema schema)
    {
        var field = Value(schema);
        if (schema.Default is { } initial)
        {
            field["default"] = initial.DeepClone();
        }

        if (schema.Type is SchemaType.List)
        {
            Mark(schema, field);
        }
        else if (schema.RetainsKeys)
        {
            field["x-kubernetes-patch-strategy"] = "retainKeys";
        }

        if (schema is { Type: SchemaType.Map, IsAtomic: true })
        {
            field["x-kubernetes-map-type"] = "atomic";
        }

        return field;
    }

    private JsonObject Value(Schema schema) => schema switch
    {
        { Name.Length: > 0 } => Refer(schema),
        { Type: SchemaType.Map } => new JsonObject { ["type"] = "object", ["additionalProperties"] = Value(schema.Items ?? Schema.Any) },
        { Type: SchemaType.List } => new JsonObject { ["type"] = "array", ["items"] = Value(schema.Items ?? Schema.Any) },
        { Format: "quantity" } => Simple(Quantity, new JsonObject { ["type"] = "string" }),
        { Format: "int-or-string" } => Simple(IntOrString, new JsonObject { ["type"] = "string", ["format"] = "int-or-string" }),
        { Format: "date-time" } => Simple(Time, new JsonObject { ["type"] = "string", ["format"] = "date-time" }),
        { Type: SchemaType.Any } => Simple(Json, []),
        { Format.Length: > 0 } => new JsonObject { ["type"] = Word(schema.Type), ["format"] = schema.Format },
        _ => new JsonObject { ["type"] = Word(schema.Type) },
    };

    private static void Mark(Schema schema, JsonObject field)
    {
        field["x-kubernetes-list-type"] = schema.ListType switch { ListType.Map => "map", ListType.Set => "set", _ => "atomic" };
        if (schema.Keys.Count > 0)
        {
            field["x-kubernetes-list-map-keys"] = new JsonArray([.. schema.Keys.Select(key => (JsonNode)key)]);
        }

        if (schema.IsMerged)
        {
            field["x-kubernetes-patch-strategy"] = schema.RetainsKeys ? "merge,retainKeys" : "merge";
            if (schema.Keys.Count > 0)
            {
                field["x-kubernetes-patch-merge-key"] = schema.Keys[0];
            }
        }
    }

    private JsonObject Simple(string name, JsonObject type)
    {
        _types.TryAdd(name, type);
        return new JsonObject { ["$ref"] = prefix + name };
    }

    private static string Word(SchemaType type) => type switch
    {
        SchemaType.String => "string",
        SchemaType.Integer => "integer",
        SchemaType.Number => "number",
        SchemaType.Boolean => "boolean",
        _ => "object",
    };
}
