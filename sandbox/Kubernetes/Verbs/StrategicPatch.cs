using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Schemas;

namespace MeshWorkflow.Sandbox.Kubernetes.Verbs;

/// <summary>Patches as Kubernetes does by default: lists are merged by their types' keys, and directives say what goes.</summary>
internal static class StrategicPatch
{
    private const string Directive = "$patch";
    private const string Retained = "$retainKeys";
    private const string DeletePrefix = "$deleteFromPrimitiveList/";
    private const string OrderPrefix = "$setElementOrder/";

    /// <exception cref="KubeFailure">It is no patch of such an object.</exception>
    public static JsonObject Apply(Schema schema, JsonObject target, JsonNode? patch)
    {
        if (patch is not JsonObject fields)
        {
            throw Refusals.BadRequest("error decoding patch: json: cannot unmarshal into Go value of type map[string]interface {}");
        }

        return Merge(schema, target, fields);
    }

    private static JsonObject Merge(Schema schema, JsonObject target, JsonObject patch)
    {
        if (patch.Text(Directive) is { Length: > 0 } directive)
        {
            return directive switch
            {
                "replace" => Clean(patch),
                "delete" => [],
                "merge" => MergeFields(schema, target, patch),
                _ => throw Refusals.BadRequest($"Unrecognized {Directive}: {directive}"),
            };
        }

        return MergeFields(schema, target, patch);
    }

    private static JsonObject MergeFields(Schema schema, JsonObject target, JsonObject patch)
    {
        var merged = target.Copy();
        if (patch[Retained] is JsonArray)
        {
            var kept = patch.Texts(Retained).ToHashSet(StringComparer.Ordinal);
            merged.Select(pair => pair.Key).Where(key => !kept.Contains(key)).ToList().ForEach(key => merged.Remove(key));
        }

        foreach (var (name, value) in patch)
        {
            if (name.StartsWith(DeletePrefix, StringComparison.Ordinal))
            {
                RemoveValues(merged, name[DeletePrefix.Length..], value as JsonArray ?? []);
            }
            else if (!name.StartsWith('$') || schema.Fields.ContainsKey(name))
            {
                MergeField(schema.Field(name) ?? Schema.Any, merged, name, value);
            }
        }

        foreach (var (name, value) in patch.Where(pair => pair.Key.StartsWith(OrderPrefix, StringComparison.Ordinal)))
        {
            var field = name[OrderPrefix.Length..];
            if (merged[field] is JsonArray list && value is JsonArray order)
            {
                merged[field] = Reorder(schema.Field(field) ?? Schema.Any, list, order, target[field] as JsonArray ?? []);
            }
        }

        return merged;
    }

    private static void MergeField(Schema field, JsonObject merged, string name, JsonNode? value)
    {
        switch (value)
        {
            case null:
                merged.Remove(name);
                break;
            case JsonObject inner when merged[name] is JsonObject current:
                merged[name] = Merge(field, current, inner);
                break;
            case JsonObject inner:
                merged[name] = Merge(field, [], inner);
                break;
            case JsonArray list when field.IsMerged:
                merged[name] = MergeList(field, merged[name] as JsonArray ?? [], list);
                break;
            default:
                merged[name] = value.DeepClone();
                break;
        }
    }

    private static JsonArray MergeList(Schema list, JsonArray target, JsonArray patch)
    {
        if (list.ListType is ListType.Set)
        {
            return new JsonArray([.. target.Concat(patch).DistinctBy(item => item?.ToJsonString()).Select(item => item?.DeepClone())]);
        }

        var key = list.Keys[0];
        var items = patch.OfType<JsonObject>().ToList();
        var replaces = items.Any(item => item.Text(Directive) == "replace");
        var merged = replaces ? [] : target.OfType<JsonObject>().ToList();
        foreach (var item in items)
        {
            if (item[key] is not { } value)
            {
                if (replaces && item.Count == 1)
                {
                    continue;
                }

                throw Refusals.BadRequest($"map: {item.ToJsonString()} does not contain declared merge key: {key}");
            }

            var at = merged.FindIndex(found => Same(found[key], value));
            if (item.Text(Directive) == "delete")
            {
                merged.RemoveAll(found => Same(found[key], value));
            }
            else if (at < 0)
            {
                merged.Add(Merge(list.Items ?? Schema.Any, [], item));
            }
            else
            {
                merged[at] = Merge(list.Items ?? Schema.Any, merged[at], item);
            }
        }

        var named = items.Select(item => item[key]).Where(value => merged.Exists(found => Same(found[key], value))).ToList();
        return Interleave([.. merged], found => (found as JsonObject)?[key], named, [.. target.Select(found => (found as JsonObject)?[key])]);
    }

    // What the patch names comes in the patch's order; what it doesn't, before the first of those that it stood before.
    private static JsonArray Interleave(List<JsonNode?> items, Func<JsonNode?, JsonNode?> keyOf, List<JsonNode?> order, List<JsonNode?> before)
    {
        int Place(List<JsonNode?> keys, JsonNode? item) => keys.FindIndex(key => Same(key, keyOf(item)));
        var named = new Queue<JsonNode?>(items.Where(item => Place(order, item) >= 0).OrderBy(item => Place(order, item)));
        var others = new Queue<JsonNode?>(items.Where(item => Place(order, item) < 0));
        var sorted = new JsonArray();
        while (named.Count + others.Count > 0)
        {
            var isOther = named.Count == 0
                || (others.Count > 0 && Place(before, others.Peek()) is >= 0 and var place && Place(before, named.Peek()) > place);
            sorted.Add((isOther ? others : named).Dequeue()?.DeepClone());
        }

        return sorted;
    }

    private static JsonArray Reorder(Schema list, JsonArray current, JsonArray order, JsonArray before)
    {
        JsonNode? KeyOf(JsonNode? item) => list.ListType is ListType.Map && item is JsonObject map ? map[list.Keys[0]] : item;
        return Interleave([.. current], KeyOf, [.. order.Select(KeyOf)], [.. before.Select(KeyOf)]);
    }

    private static void RemoveValues(JsonObject merged, string name, JsonArray values)
    {
        if (merged[name] is JsonArray list)
        {
            merged[name] = new JsonArray([.. list.Where(item => !values.Any(value => Same(value, item))).Select(item => item?.DeepClone())]);
        }
    }

    private static JsonObject Clean(JsonObject patch)
    {
        var clean = patch.Copy();
        clean.Remove(Directive);
        return clean;
    }

    private static bool Same(JsonNode? left, JsonNode? right) => JsonNode.DeepEquals(left, right);
}
