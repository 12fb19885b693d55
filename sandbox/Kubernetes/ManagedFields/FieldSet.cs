using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Kubernetes.ManagedFields;

/// <summary>
/// A set of places in an object, as a tree. A child's key says what it is: <c>f:</c> a field, <c>k:</c> an item by its keys,
/// <c>v:</c> an item by its value.
/// </summary>
internal sealed class FieldSet
{
    private readonly SortedDictionary<string, FieldSet> _children = new(StringComparer.Ordinal);

    /// <summary>Whether this place itself is in the set.</summary>
    public bool IsMember { get; set; }

    public bool IsEmpty => !IsMember && _children.Count == 0;

    public IEnumerable<KeyValuePair<string, FieldSet>> Children => _children;

    /// <summary>A child, made if it isn't there.</summary>
    public FieldSet Need(string key)
    {
        if (!_children.TryGetValue(key, out var child))
        {
            child = new FieldSet();
            _children.Add(key, child);
        }

        return child;
    }

    public FieldSet? Child(string key) => _children.GetValueOrDefault(key);

    public bool Remove(string key) => _children.Remove(key);

    public FieldSet Union(FieldSet other) => Combine(this, other, (left, right) => left || right);

    public FieldSet Intersect(FieldSet other) => Combine(this, other, (left, right) => left && right);

    public FieldSet Without(FieldSet other) => Combine(this, other, (left, right) => left && !right);

    /// <summary>Every place in the set, as it is written in messages.</summary>
    public IEnumerable<string> Paths(string path = "")
    {
        if (IsMember)
        {
            yield return path;
        }

        foreach (var found in _children.SelectMany(child => child.Value.Paths(path + Text(child.Key))))
        {
            yield return found;
        }
    }

    /// <summary>As in <c>fieldsV1</c>.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        if (IsMember && _children.Count > 0)
        {
            json["."] = new JsonObject();
        }

        foreach (var (key, child) in _children)
        {
            json[key] = child.ToJson();
        }

        return json;
    }

    public static FieldSet Of(JsonObject json, bool isRoot = true)
    {
        var set = new FieldSet { IsMember = !isRoot && (json.Count == 0 || json.ContainsKey(".")) };
        foreach (var (key, child) in json.Where(pair => pair.Key != "."))
        {
            set._children[key] = Of(child as JsonObject ?? [], isRoot: false);
        }

        return set;
    }

    public bool SameAs(FieldSet other) => JsonNode.DeepEquals(ToJson(), other.ToJson());

    private static FieldSet Combine(FieldSet left, FieldSet right, Func<bool, bool, bool> rule)
    {
        var none = new FieldSet();
        var combined = new FieldSet { IsMember = rule(left.IsMember, right.IsMember) };
        foreach (var key in left._children.Keys.Union(right._children.Keys, StringComparer.Ordinal))
        {
            var child = Combine(left.Child(key) ?? none, right.Child(key) ?? none, rule);
            if (!child.IsEmpty)
            {
                combined._children.Add(key, child);
            }
        }

        return combined;
    }

    /// <summary>A child's key as it is written in messages.</summary>
    public static string Text(string key) => key[0] switch
    {
        'k' => $"[{string.Join(",", ((JsonNode.Parse(key[2..]) as JsonObject) ?? []).Select(pair => $"{pair.Key}={pair.Value?.ToJsonString()}"))}]",
        'v' => $"[={key[2..]}]",
        _ => $".{key[2..]}",
    };
}
