using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Schemas;

namespace MeshWorkflow.Sandbox.Kubernetes.ManagedFields;

/// <summary>Finds the places in an object, and those in which two differ.</summary>
internal static class FieldWalk
{
    // Nobody owns what says which object it is, or what only the server writes.
    private static readonly string[] Unowned =
    [
        "name", "namespace", "creationTimestamp", "selfLink", "uid", "generation", "managedFields", "resourceVersion", "deletionTimestamp",
        "deletionGracePeriodSeconds", "generateName",
    ];

    /// <summary>Every place in an object that somebody can own.</summary>
    public static FieldSet Of(Schema schema, JsonObject node)
    {
        var set = new FieldSet();
        Add(schema, node, set);
        return Ownable(set);
    }

    /// <summary>Where an object differs from what it was: what is new or other, and what is gone.</summary>
    public static (FieldSet Changed, FieldSet Removed) Compare(Schema schema, JsonObject before, JsonObject after)
    {
        var (changed, removed) = (new FieldSet(), new FieldSet());
        Compare(schema, before, after, wasThere: true, changed, removed);
        return (Ownable(Trim(changed)), Ownable(Trim(removed)));
    }

    private static void Add(Schema schema, JsonNode? value, FieldSet set)
    {
        if (value is null or JsonObject { Count: 0 } || FieldKeys.IsLeaf(schema, value))
        {
            set.IsMember = true;
            return;
        }

        foreach (var (key, type, part) in FieldKeys.Parts(schema, value))
        {
            var child = set.Need(key);
            child.IsMember = key[0] != 'f';
            Add(type, part, child);
        }
    }

    // A message that comes with its message was there before, though nothing was said of it.
    private static void Compare(Schema schema, JsonNode? before, JsonNode? after, bool wasThere, FieldSet changed, FieldSet removed)
    {
        if (IsLeafly(schema, before) && IsLeafly(schema, after))
        {
            var isSame = JsonNode.DeepEquals(before, after) || (before is null && wasThere && IsEmpty(after));
            changed.IsMember |= after is not null && !isSame;
            removed.IsMember |= before is not null && after is null;
            return;
        }

        changed.IsMember |= after is not null && (before is null ? !wasThere : FieldKeys.IsLeaf(schema, after));
        removed.IsMember |= before is not null && (after is null || FieldKeys.IsLeaf(schema, before));
        var old = Parts(schema, before);
        var now = Parts(schema, after);
        foreach (var key in old.Keys.Union(now.Keys, StringComparer.Ordinal))
        {
            var (was, isNow) = (old.GetValueOrDefault(key), now.GetValueOrDefault(key));
            var type = isNow.Schema ?? was.Schema ?? Schema.Any;
            var (childChanged, childRemoved) = (changed.Need(key), removed.Need(key));
            childChanged.IsMember |= key[0] != 'f' && !old.ContainsKey(key);
            childRemoved.IsMember |= key[0] != 'f' && !now.ContainsKey(key);
            var isThere = was.Value is not null || (type.IsAlwaysThere && (before is not null || wasThere));
            Compare(type, was.Value, isNow.Value, isThere, childChanged, childRemoved);
        }
    }

    private static Dictionary<string, (Schema Schema, JsonNode? Value)> Parts(Schema schema, JsonNode? value)
    {
        var parts = new Dictionary<string, (Schema, JsonNode?)>(StringComparer.Ordinal);
        if (!IsLeafly(schema, value))
        {
            foreach (var (key, type, part) in FieldKeys.Parts(schema, value))
            {
                parts[key] = (type, part);
            }
        }

        return parts;
    }

    private static bool IsLeafly(Schema schema, JsonNode? value) => IsEmpty(value) || FieldKeys.IsLeaf(schema, value);

    private static bool IsEmpty(JsonNode? value) => value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 };

    private static FieldSet Trim(FieldSet set) => set.Union(new FieldSet());

    private static FieldSet Ownable(FieldSet set)
    {
        set.IsMember = false;
        set.Remove("f:apiVersion");
        set.Remove("f:kind");
        if (set.Child("f:metadata") is { } metadata)
        {
            metadata.IsMember = false;
            foreach (var field in Unowned)
            {
                metadata.Remove($"f:{field}");
            }

            if (metadata.IsEmpty)
            {
                set.Remove("f:metadata");
            }
        }

        return set;
    }
}
