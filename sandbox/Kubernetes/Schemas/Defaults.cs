using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Kubernetes.Schemas;

/// <summary>Fills in what a type says should be there.</summary>
internal static class Defaults
{
    public static void Apply(Schema schema, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                ApplyTo(schema, map);
                break;
            case JsonArray list when schema.Items is { } items:
                foreach (var item in list)
                {
                    Apply(items, item);
                }

                break;
        }
    }

    private static void ApplyTo(Schema schema, JsonObject map)
    {
        foreach (var (name, field) in schema.Fields)
        {
            if (field.Default is { } initial && (!map.ContainsKey(name) || (map[name] is null && !field.IsNullable)))
            {
                map[name] = initial.DeepClone();
            }
        }

        foreach (var (name, value) in map)
        {
            if (value is JsonObject or JsonArray && schema.Field(name) is { } field)
            {
                Apply(field, value);
            }
        }
    }
}
