using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Schemas;

namespace MeshWorkflow.Sandbox.Kubernetes.ManagedFields;

/// <summary>Puts what is applied into an object, and takes out what isn't any more.</summary>
internal static class FieldMerge
{
    /// <summary>An object with everything that is applied in it.</summary>
    public static JsonNode? Merge(Schema schema, JsonNode? live, JsonNode? applied)
    {
        if (applied is null)
        {
            return live?.DeepClone();
        }

        if (live is null || live.GetValueKind() != applied.GetValueKind() || FieldKeys.IsLeaf(schema, applied) || FieldKeys.IsLeaf(schema, live))
        {
            return applied.DeepClone();
        }

        var wanted = FieldKeys.Parts(schema, applied).ToList();
        return applied is JsonArray ? MergeList(schema, live, wanted) : MergeMap((JsonObject)live, wanted);
    }

    /// <summary>Takes places out of an object. An item of a list goes as a whole unless somebody else has something in it.</summary>
    public static void Remove(Schema schema, JsonNode? node, FieldSet places, FieldSet? others)
    {
        foreach (var (key, child) in places.Children)
        {
            var found = FieldKeys.Parts(schema, node).FirstOrDefault(part => part.Key == key);
            if (found.Key is null)
            {
                continue;
            }

            var kept = others?.Child(key);
            if (child.IsMember && (kept is null || kept.IsEmpty))
            {
                TakeOut(node, key, found.Value);
                continue;
            }

            Remove(found.Schema, found.Value, child, kept);
            if (found.Value is JsonObject { Count: 0 } or JsonArray { Count: 0 } && !child.IsEmpty)
            {
                TakeOut(node, key, found.Value);
            }
        }
    }

    private static JsonObject MergeMap(JsonObject live, List<(string Key, Schema Schema, JsonNode? Value)> wanted)
    {
        var merged = (JsonObject)live.DeepClone();
        foreach (var (key, type, value) in wanted)
        {
            merged[key[2..]] = Merge(type, merged[key[2..]], value);
        }

        return merged;
    }

    private static JsonArray MergeList(Schema schema, JsonNode live, List<(string Key, Schema Schema, JsonNode? Value)> wanted)
    {
        var merged = new JsonArray();
        var left = wanted.ToList();
        foreach (var (key, type, value) in FieldKeys.Parts(schema, live))
        {
            var at = left.FindIndex(part => part.Key == key);
            merged.Add(Merge(type, value, at < 0 ? null : left[at].Value));
            if (at >= 0)
            {
                left.RemoveAt(at);
            }
        }

        left.ForEach(part => merged.Add(part.Value?.DeepClone()));
        return merged;
    }

    private static void TakeOut(JsonNode? node, string key, JsonNode? value)
    {
        if (node is JsonObject map)
        {
            map.Remove(key[2..]);
        }
        else
        {
            (node as JsonArray)?.Remove(value);
        }
    }
}
