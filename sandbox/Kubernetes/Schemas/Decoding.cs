using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Kubernetes.Schemas;

/// <summary>Reads an object as its type says: drops what the type doesn't have, notes what doesn't fit.</summary>
internal sealed class Decoding
{
    /// <summary>Fields that the type doesn't have, by their paths.</summary>
    public List<string> Unknown { get; } = [];

    /// <summary>The first value that is of a wrong type, as a server says it.</summary>
    public string? Mistake { get; private set; }

    public static Decoding Of(Schema schema, JsonObject node)
    {
        var decoding = new Decoding();
        decoding.Read(schema, node, "");
        return decoding;
    }

    private void Read(Schema schema, JsonNode? node, string path)
    {
        if (node is null || Mistake is not null)
        {
            return;
        }

        var kind = node.GetValueKind();
        if (!Fits(schema, kind))
        {
            Mistake = $"json: cannot unmarshal {Word(kind)} into Go struct field {path.TrimStart('.')} of type {GoType(schema)}";
            return;
        }

        if (schema.Rules is null && kind is JsonValueKind.String && ValueFormats.Mistake(schema.Format, node.GetValue<string>()) is { } wrong)
        {
            Mistake = wrong;
            return;
        }

        switch (node)
        {
            case JsonObject map when schema.Type is SchemaType.Object or SchemaType.Map:
                ReadFields(schema, map, path);
                break;
            case JsonArray list when schema.Items is { } items:
                for (var i = 0; i < list.Count; i++)
                {
                    Read(items, list[i], $"{path}[{i}]");
                }

                break;
        }
    }

    private void ReadFields(Schema schema, JsonObject map, string path)
    {
        foreach (var (name, value) in map.ToList())
        {
            var inner = path.Length == 0 ? name : $"{path}.{name}";
            if (schema.Field(name) is { } field)
            {
                Read(field, value, inner);
                if (value is null && schema.Type is SchemaType.Object && !schema.KeepsUnknown && field.Rules is null)
                {
                    // A null is as good as nothing in the built-in types.
                    map.Remove(name);
                }
            }
            else
            {
                Unknown.Add(inner);
                map.Remove(name);
            }
        }
    }

    // The rules of CustomResourceDefinitions are checked by themselves, with other words.
    private static bool Fits(Schema schema, JsonValueKind kind) => schema.Rules is not null || schema.Type switch
    {
        SchemaType.Object or SchemaType.Map => kind is JsonValueKind.Object,
        SchemaType.List => kind is JsonValueKind.Array,
        SchemaType.String => kind is JsonValueKind.String,
        SchemaType.Integer or SchemaType.Number => kind is JsonValueKind.Number,
        SchemaType.Boolean => kind is JsonValueKind.True or JsonValueKind.False,
        SchemaType.IntOrString => kind is JsonValueKind.Number or JsonValueKind.String,
        _ => true,
    };

    private static string Word(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        _ => "bool",
    };

    private static string GoType(Schema schema) => schema.Type switch
    {
        SchemaType.Object => schema.Name.Length > 0 ? schema.Name[(schema.Name.IndexOf('.', StringComparison.Ordinal) + 1)..] : "object",
        SchemaType.Map => "map[string]string",
        SchemaType.List => $"[]{GoType(schema.Items ?? Schema.Any)}",
        SchemaType.String => "string",
        SchemaType.Integer => schema.Format.Length > 0 ? schema.Format : "int64",
        SchemaType.Number => "float64",
        SchemaType.Boolean => "bool",
        _ => "intstr.IntOrString",
    };
}
