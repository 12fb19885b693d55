using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Istioctl;

/// <summary>Kubernetes' strategic merge of two operators, by what istioctl's types say of the fields.</summary>
internal static class StrategicMerge
{
    /// <exception cref="FormatException">The patch has a directive that can't be followed.</exception>
    public static JsonObject Of(JsonObject original, JsonObject patch, string parent = "")
    {
        if (patch["$patch"] is { } directive)
        {
            var rest = (JsonObject)patch.DeepClone();
            rest.Remove("$patch");
            return directive.ToString() switch
            {
                "replace" => Strict(rest),
                "delete" => [],
                var other => throw Failed($"unknown patch type: {other} in map: {patch.ToJsonString()}"),
            };
        }

        var result = (JsonObject)original.DeepClone();
        Retain(result, patch);
        foreach (var (key, value) in patch.Where(field => field.Key.StartsWith("$deleteFromPrimitiveList/", StringComparison.Ordinal)))
        {
            if (result[After(key)] is JsonArray there)
            {
                result[After(key)] = Strategy(parent, After(key)) is ("merge", "") && value is JsonArray gone
                    ? Array(there.Where(item => !Contains(gone, item)))
                    : throw Failed($"{key}: not a list of values that is merged");
            }
        }

        foreach (var (key, value) in patch.Where(field => !field.Key.StartsWith('$')))
        {
            var order = patch[$"$setElementOrder/{key}"];
            if (value is null)
            {
                result.Remove(key);
            }
            else
            {
                result[key] = (result[key], value, Strategy(parent, key)) switch
                {
                    (JsonObject, JsonObject map, ("replace", _)) => Strict(map.DeepClone()),
                    (JsonObject known, JsonObject map, _) => Of(known, map, key),
                    (JsonArray known, JsonArray items, ("merge", var mergeKey)) => List(known, items, mergeKey, key, order),
                    (JsonArray, JsonArray items, _) when order is not null => throw Failed($"$setElementOrder/{key}: the list is not merged ({items.Count} items)"),
                    (JsonArray, JsonArray items, _) => Strict(items.DeepClone()),
                    _ => Clean(value.DeepClone()),
                };
            }
        }

        foreach (var (key, order) in patch.Where(field => field.Key.StartsWith("$setElementOrder/", StringComparison.Ordinal) && patch[After(field.Key)] is null))
        {
            if (result[After(key)] is JsonArray known && order is JsonArray wanted && Strategy(parent, After(key)) is ("merge", var mergeKey))
            {
                result[After(key)] = Sort(known, known, wanted, mergeKey);
            }
        }

        return result;
    }

    private static (string How, string Key) Strategy(string parent, string field) => (parent, field) switch
    {
        ("components", "ingressGateways" or "egressGateways") or ("meshConfig", "extensionProviders") => ("merge", "name"),
        ("istio-ingressgateway", "ports" or "meshExpansionPorts" or "secretVolumes") or ("istio-egressgateway", "ports" or "secretVolumes") => ("merge", "name"),
        ("meshConfig", "certificates") => ("merge", "secretName"),
        ("meshConfig", "configSources") => ("merge", "address"),
        ("meshConfig", "trustDomainAliases" or "defaultServiceExportTo" or "defaultVirtualServiceExportTo" or "defaultDestinationRuleExportTo") => ("merge", ""),
        ("defaultConfig", "tracing" or "sds" or "gatewayTopology") or ("istio-ingressgateway", "cpu") or ("istio-egressgateway", "zvpn") => ("replace", ""),
        _ => ("", ""),
    };

    private static void Retain(JsonObject result, JsonObject patch)
    {
        if (!patch.TryGetPropertyValue("$retainKeys", out var keys))
        {
            return;
        }

        var kept = (keys as JsonArray ?? throw Failed("invalid patch format of retainKeys")).Select(key => key?.ToString()).ToList();
        if (patch.Any(field => field.Value is not null && field.Key[0] != '$' && !kept.Contains(field.Key)))
        {
            throw Failed("invalid patch format of retainKeys");
        }

        foreach (var key in result.Select(field => field.Key).Except(kept).ToList())
        {
            result.Remove(key!);
        }
    }

    private static JsonArray List(JsonArray known, JsonArray items, string mergeKey, string field, JsonNode? order)
    {
        var patch = items.Where(item => item?.AsDirective() is null).ToList();
        if (order is JsonArray wanted)
        {
            var indexes = patch.Select(item => Index(wanted, item, mergeKey)).ToList();
            if (indexes.Contains(-1) || indexes.Zip(indexes.Skip(1)).Any(pair => pair.First > pair.Second))
            {
                throw Failed($"the order in patch list {items.ToJsonString()} doesn't match $setElementOrder/{field} list {wanted.ToJsonString()}");
            }
        }

        var merged = known.ToList();
        foreach (var special in items.Except(patch))
        {
            switch (special?.AsDirective())
            {
                case "replace":
                    return Array(patch.Select(item => Clean(item?.DeepClone())));
                case "delete":
                    _ = special[mergeKey] ?? throw Failed($"map: {special.ToJsonString()} does not contain declared merge key: {mergeKey}");
                    merged.RemoveAll(item => Same(item, special, mergeKey));
                    break;
                case var other:
                    throw Failed($"unknown patch type: {other} in map: {special?.ToJsonString()}");
            }
        }

        foreach (var item in patch)
        {
            if (mergeKey.Length > 0 && (item as JsonObject)?[mergeKey] is null)
            {
                throw Failed($"map: {item?.ToJsonString()} does not contain declared merge key: {mergeKey}");
            }

            var at = merged.FindIndex(one => Same(one, item, mergeKey));
            if (at < 0)
            {
                merged.Add(Clean(item?.DeepClone()));
            }
            else if (item is JsonObject fields)
            {
                merged[at] = Of((JsonObject)merged[at]!, fields, field);
            }
        }

        return Sort(merged, known, order as JsonArray ?? Array(patch), mergeKey);
    }

    // Kubernetes' order: what the patch names comes before what it doesn't, unless the other stood before it.
    private static JsonArray Sort(IEnumerable<JsonNode?> merged, JsonArray known, JsonArray patch, string mergeKey)
    {
        var named = merged.Where(item => Index(patch, item, mergeKey) >= 0).OrderBy(item => Index(patch, item, mergeKey)).ToList();
        var others = merged.Except(named).OrderBy(item => Index(known, item, mergeKey)).ToList();
        var sorted = new JsonArray();
        while (named.Count > 0 || others.Count > 0)
        {
            var own = named.Count > 0 ? Index(known, named[0], mergeKey) : int.MaxValue;
            var from = others.Count > 0 && own >= 0 && Index(known, others[0], mergeKey) < own ? others : named.Count > 0 ? named : others;
            sorted.Add(from[0]?.DeepClone());
            from.RemoveAt(0);
        }

        return sorted;
    }

    private static int Index(JsonArray items, JsonNode? item, string mergeKey) => items.ToList().FindIndex(one => Same(one, item, mergeKey));

    private static bool Same(JsonNode? one, JsonNode? other, string mergeKey) =>
        mergeKey.Length == 0 ? JsonNode.DeepEquals(one, other) : JsonNode.DeepEquals((one as JsonObject)?[mergeKey], (other as JsonObject)?[mergeKey]);

    private static string? AsDirective(this JsonNode item) => (item as JsonObject)?["$patch"]?.ToString();

    private static bool Contains(JsonArray items, JsonNode? item) => items.Any(one => JsonNode.DeepEquals(one, item));

    private static JsonArray Array(IEnumerable<JsonNode?> items) => new([.. items.Select(item => item?.DeepClone())]);

    private static string After(string directive) => directive[(directive.IndexOf('/', StringComparison.Ordinal) + 1)..];

    // Directives without anything to be followed on are dropped.
    private static JsonNode? Clean(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject fields:
                foreach (var (key, value) in fields.ToList())
                {
                    if (key.StartsWith('$') || value is null)
                    {
                        fields.Remove(key);
                    }
                    else
                    {
                        Clean(value);
                    }
                }

                break;
            case JsonArray items:
                foreach (var gone in items.Where(item => item?.AsDirective() is not null).ToList())
                {
                    items.Remove(gone);
                }

                foreach (var item in items)
                {
                    Clean(item);
                }

                break;
        }

        return node;
    }

    // What is taken as it is may have no directive in it: to the operator's types it is a field that there is not.
    private static T Strict<T>(T node)
        where T : JsonNode
    {
        foreach (var child in node is JsonObject fields ? fields.Select(field => field.Value) : ((JsonNode)node as JsonArray ?? []).ToList())
        {
            if (child is JsonObject or JsonArray)
            {
                Strict(child);
            }
        }

        return (node as JsonObject)?.FirstOrDefault(field => field.Key.StartsWith('$')) is { Key: { } unknown }
            ? throw Failed($"unknown field \"{unknown}\"")
            : node;
    }

    private static FormatException Failed(string why) => new($"json merge error ({why})");
}
