using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Schemas;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Kubernetes.ManagedFields;

/// <summary>Takes values apart into what can be owned by itself.</summary>
internal static class FieldKeys
{
    /// <summary>Whether a value can only be owned as a whole.</summary>
    public static bool IsLeaf(Schema schema, JsonNode? value) => value switch
    {
        JsonObject => schema.IsAtomic,
        JsonArray => schema.Type is not SchemaType.List || schema.ListType is ListType.Atomic,
        _ => true,
    };

    /// <summary>The parts of a value with their keys and types, in order.</summary>
    /// <exception cref="KubeFailure">An item has no key, or the key of another.</exception>
    public static IEnumerable<(string Key, Schema Schema, JsonNode? Value)> Parts(Schema schema, JsonNode? value) => value switch
    {
        JsonObject map => map.Select(pair => ($"f:{pair.Key}", schema.Field(pair.Key) ?? Schema.Any, pair.Value)),
        JsonArray list => list.Select(item => (KeyOf(schema, item), schema.Items ?? Schema.Any, item)),
        _ => [],
    };

    /// <exception cref="KubeFailure">Two items of a list have one key.</exception>
    public static void CheckOnce(Schema schema, JsonNode? value, string path)
    {
        if (value is null || IsLeaf(schema, value))
        {
            return;
        }

        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, type, part) in Parts(schema, value))
        {
            if (!keys.Add(key))
            {
                throw new KubeFailure(500, "", $"failed to create typed patch object: {path}: duplicate entries for key {FieldSet.Text(key)}");
            }

            CheckOnce(type, part, path + FieldSet.Text(key));
        }
    }

    public static string KeyOf(Schema list, JsonNode? item)
    {
        if (list.ListType is ListType.Set)
        {
            return $"v:{item?.ToJsonString(AnswerJson.Options) ?? "null"}";
        }

        var key = new JsonObject();
        foreach (var name in list.Keys.Order(StringComparer.Ordinal))
        {
            var value = (item as JsonObject)?[name] ?? list.Items?.Field(name)?.Default;
            if (value is null && list.Keys.Count == 1)
            {
                throw new KubeFailure(500, "", $"associative list with keys has an element that omits key field \"{name}\" (and doesn't have default value)");
            }

            if (value is not null)
            {
                key[name] = value.DeepClone();
            }
        }

        return $"k:{key.ToJsonString(AnswerJson.Options)}";
    }
}
