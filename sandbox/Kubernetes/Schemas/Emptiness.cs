using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Kubernetes.Schemas;

/// <summary>Takes out of an object what is as good as nothing, by its type.</summary>
internal static class Emptiness
{
    public static void Drop(Schema schema, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                DropFields(schema, map);
                break;
            case JsonArray list when schema.Items is { } items:
                foreach (var item in list)
                {
                    Drop(items, item);
                }

                break;
        }
    }

    private static void DropFields(Schema schema, JsonObject map)
    {
        foreach (var (name, value) in map.ToList())
        {
            if (schema.Field(name) is not { } field)
            {
                continue;
            }

            Drop(field, value);
            if (field.IsNothingWhenEmpty && IsEmpty(value))
            {
                map.Remove(name);
            }
        }
    }

    private static bool IsEmpty(JsonNode? value) => value switch
    {
        null => true,
        JsonObject map => map.Count == 0,
        JsonArray list => list.Count == 0,
        _ => value.GetValueKind() switch
        {
            JsonValueKind.String => value.ToString().Length == 0,
            JsonValueKind.Number => value.ToJsonString() is "0" or "0.0",
            JsonValueKind.False => true,
            _ => false,
        },
    };
}
