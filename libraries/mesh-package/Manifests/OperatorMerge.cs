using System.Text.Json.Nodes;

namespace MeshWorkflow.MeshPackage.Manifests;

/// <summary>
/// Lays one IstioOperator over another, as istioctl does: a strategic merge. Maps are merged, a null takes a field away, gateways
/// and a few other lists are merged by their key, lists of trust domains and of export targets grow, every other list is replaced.
/// The directives <c>$patch</c>, <c>$retainKeys</c>, <c>$setElementOrder/…</c> and <c>$deleteFromPrimitiveList/…</c> do what they do in Kubernetes.
/// </summary>
internal static class OperatorMerge
{
    private const string Patch = "$patch";
    private const string Retain = "$retainKeys";
    private const string Order = "$setElementOrder/";
    private const string Deletion = "$deleteFromPrimitiveList/";

    /// <summary>Lays an operator's spec over another one, which becomes the result.</summary>
    /// <exception cref="FormatException">A directive can't be followed, and where.</exception>
    public static void Lay(JsonObject over, JsonObject spec)
    {
        var laid = LayMap(over, spec, "", "spec");
        if (!ReferenceEquals(laid, spec))
        {
            spec.Clear();
            foreach (var (key, value) in laid)
            {
                spec[key] = value?.DeepClone();
            }
        }
    }

    private static JsonObject LayMap(JsonObject over, JsonObject onto, string place, string path)
    {
        if (over.ContainsKey(Patch))
        {
            return over[Patch]?.ToString() switch
            {
                "replace" => Replacement(over, path),
                "delete" => [],
                var other => throw Wrong(path, $"{Patch} is '{other}'; of a map it is replace or delete"),
            };
        }

        RetainKeys(over, onto, path);
        foreach (var key in KeysBehind(over, Deletion))
        {
            Take(Items(over[Deletion + key], $"{path}.{Deletion}{key}"), onto, key, MergedLists.PlaceOf(place, key), $"{path}.{key}");
        }

        List<string> ordered = [.. KeysBehind(over, Order)];
        foreach (var key in ordered)
        {
            LayOrdered(over, onto, key, MergedLists.PlaceOf(place, key), $"{path}.{key}");
        }

        foreach (var (key, value) in over.Where(field => !field.Key.StartsWith('$') && !ordered.Contains(field.Key)))
        {
            LayField(onto, key, value, MergedLists.PlaceOf(place, key), $"{path}.{key}");
        }

        return onto;
    }

    private static void LayField(JsonObject onto, string key, JsonNode? value, string place, string path)
    {
        switch (value, onto[key])
        {
            case (null, _):
                onto.Remove(key);
                break;
            case (JsonObject over, JsonObject) when MergedLists.IsReplaced(place):
                onto[key] = Replacement(over, path);
                break;
            case (JsonObject over, JsonObject known):
                var laid = LayMap(over, known, place, path);
                if (!ReferenceEquals(laid, known))
                {
                    onto[key] = laid;
                }

                break;
            case (JsonArray over, JsonArray known):
                onto[key] = LayList(over, known, place, path);
                break;
            default:
                onto[key] = Fresh(value);
                break;
        }
    }

    private static JsonArray LayList(JsonArray over, JsonArray known, string place, string path)
    {
        if (MergedLists.KeyOf(place) is { } name)
        {
            return LayItems(over, known, name, place, path);
        }

        return MergedLists.Grows(place)
            ? ListOrder.Of([.. known.Concat(over).Distinct(Same)], over, known, item => item)
            : Replacement(over, path);
    }

    private static JsonArray LayItems(JsonArray over, JsonArray known, string name, string place, string path)
    {
        JsonNode KeyOf(JsonNode? item) => (item as JsonObject)?[name] ?? throw Wrong(path, $"an item has no {name}, by which items are merged");
        var items = over.Where(item => (item as JsonObject)?[Patch] is null).ToList();
        var merged = known.ToList();
        var isReplaced = false;
        foreach (var special in over.OfType<JsonObject>().Where(item => item[Patch] is not null))
        {
            switch (special[Patch]?.ToString())
            {
                case "delete":
                    merged.RemoveAll(item => JsonNode.DeepEquals(KeyOf(item), KeyOf(special)));
                    break;
                case "replace":
                    isReplaced = true;
                    break;
                case var other:
                    throw Wrong(path, $"{Patch} of an item is '{other}'; it is replace or delete");
            }
        }

        if (isReplaced)
        {
            return Copy(items.Select(Fresh));
        }

        foreach (var item in items)
        {
            var at = merged.FindIndex(one => JsonNode.DeepEquals(KeyOf(one), KeyOf(item)));
            if (at < 0)
            {
                merged.Add(Fresh(item));
            }
            else
            {
                merged[at] = LayMap((JsonObject)item!, (JsonObject)merged[at]!.DeepClone(), place, path);
            }
        }

        return ListOrder.Of(merged, items, known, KeyOf);
    }

    // The order that is given holds for the items of the overlay and of the list alike.
    private static void LayOrdered(JsonObject over, JsonObject onto, string key, string place, string path)
    {
        var order = Items(over[Order + key], $"{path}, {Order}{key}");
        var name = MergedLists.KeyOf(place);
        if (name is null && !MergedLists.Grows(place))
        {
            throw Wrong(path, $"{Order}{key} is for lists that are merged; this one is replaced");
        }

        JsonNode? KeyOf(JsonNode? item) => name is null ? item : (item as JsonObject)?[name];
        if (over[key] is JsonArray patch)
        {
            var places = patch.Where(item => (item as JsonObject)?[Patch] is null)
                .Select(item => order.ToList().FindIndex(one => JsonNode.DeepEquals(KeyOf(one), KeyOf(item))))
                .ToList();
            if (places.Contains(-1) || !places.SequenceEqual(places.Order()))
            {
                throw Wrong(path, $"{Order}{key} has not all items of the list, or in another order");
            }
        }

        var known = onto[key] as JsonArray;
        if (over.ContainsKey(key))
        {
            LayField(onto, key, over[key], place, path);
        }

        if (onto[key] is JsonArray laid)
        {
            onto[key] = ListOrder.Of([.. laid], order, known ?? [], KeyOf);
        }
    }

    private static void Take(JsonArray items, JsonObject onto, string key, string place, string path)
    {
        if (!MergedLists.Grows(place))
        {
            throw Wrong(path, $"{Deletion}{key} is for lists that grow; this one is {(MergedLists.KeyOf(place) is null ? "replaced" : $"merged: use {Patch}: delete")}");
        }

        if (onto[key] is JsonArray known)
        {
            onto[key] = Copy(known.Where(item => !items.Any(one => JsonNode.DeepEquals(one, item))).Select(item => item?.DeepClone()));
        }
    }

    private static void RetainKeys(JsonObject over, JsonObject onto, string path)
    {
        if (!over.ContainsKey(Retain))
        {
            return;
        }

        var kept = Items(over[Retain], $"{path}.{Retain}").Select(key => key?.ToString()).ToHashSet();
        if (over.FirstOrDefault(field => field.Value is not null && !field.Key.StartsWith('$') && !kept.Contains(field.Key)) is { Key: { } left })
        {
            throw Wrong(path, $"{Retain} lacks '{left}', which the overlay sets");
        }

        foreach (var key in onto.Select(field => field.Key).Where(key => !kept.Contains(key)).ToList())
        {
            onto.Remove(key);
        }
    }

    // Taken as it is: what directives could mean in it nobody asks.
    private static JsonObject Replacement(JsonObject over, string path)
    {
        var made = new JsonObject();
        foreach (var (key, value) in over.Where(field => field.Key != Patch && field.Value is not null))
        {
            made[key] = key.StartsWith('$')
                ? throw Wrong($"{path}.{key}", "there is nothing that it could change: the map around it is replaced")
                : value switch
                {
                    JsonObject inner => Replacement(inner.ContainsKey(Patch) ? throw Wrong($"{path}.{key}", $"{Patch} in a map that is replaced") : inner, $"{path}.{key}"),
                    JsonArray items => Replacement(items, $"{path}.{key}"),
                    _ => value?.DeepClone(),
                };
        }

        return made;
    }

    private static JsonArray Replacement(JsonArray items, string path) =>
        items.OfType<JsonObject>().SelectMany(item => item).FirstOrDefault(field => field.Key.StartsWith('$')) is { Key: { } directive }
            ? throw Wrong(path, $"an item has {directive}, but this list is replaced, not merged")
            : Copy(items.Select(item => item?.DeepClone()));

    // Where there was nothing, there is nothing to be taken away.
    private static JsonNode? Fresh(JsonNode? value) => value switch
    {
        JsonObject fields => new JsonObject(fields
            .Where(field => !field.Key.StartsWith('$') && field.Value is not null)
            .Select(field => KeyValuePair.Create(field.Key, Fresh(field.Value)))),
        JsonArray items => Copy(items.Where(item => (item as JsonObject)?[Patch] is null).Select(Fresh)),
        _ => value?.DeepClone(),
    };

    private static IEnumerable<string> KeysBehind(JsonObject over, string directive) => over
        .Where(field => field.Key.StartsWith(directive, StringComparison.Ordinal))
        .Select(field => field.Key[directive.Length..])
        .ToList();

    private static JsonArray Items(JsonNode? node, string path) => node as JsonArray ?? throw Wrong(path, "is no list");

    private static JsonArray Copy(IEnumerable<JsonNode?> items) => new([.. items]);

    private static FormatException Wrong(string path, string why) => new($"{path}: {why}");

    private static readonly IEqualityComparer<JsonNode?> Same = EqualityComparer<JsonNode?>.Create(JsonNode.DeepEquals, node => node?.ToString().GetHashCode(StringComparison.Ordinal) ?? 0);
}
