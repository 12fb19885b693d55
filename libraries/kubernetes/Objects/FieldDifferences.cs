using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshWorkflow.KubernetesApi.Objects;

/// <summary>
/// Compares an object with what somebody wants of it: only the wanted fields count, and what a server writes differently but means
/// the same is the same.
/// </summary>
public static class FieldDifferences
{
    // Lists whose items others may add to; all other lists are somebody's as a whole.
    private static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal)
    {
        ["containers"] = "name",
        ["initContainers"] = "name",
        ["env"] = "name",
        ["volumes"] = "name",
        ["webhooks"] = "name",
        ["volumeMounts"] = "mountPath",
        ["imagePullSecrets"] = "name",
    };

    private static readonly string[] ServersOwn =
        ["creationTimestamp", "deletionTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid"];

    /// <summary>Compares.</summary>
    /// <param name="wanted">The wanted fields.</param>
    /// <param name="live">The object.</param>
    /// <returns>The fields that differ.</returns>
    public static IReadOnlyList<FieldDifference> Between(JsonObject wanted, JsonObject live)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var found = new List<FieldDifference>();
        foreach (var (key, value) in wanted.Where(field => field.Key is not ("apiVersion" or "kind" or "status")))
        {
            var path = FieldPath.Root.Field(key);
            if (key == "metadata" && value is JsonObject metadata)
            {
                var ours = new JsonObject(metadata
                    .Where(field => !ServersOwn.Contains(field.Key))
                    .Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
                Compare(path, ours, live[key], found);
                continue;
            }

            Compare(path, value, live[key], found);
        }

        return [.. found.Where(difference => !IsControllers(live, difference))];
    }

    /// <summary>Whether a field is as wanted.</summary>
    /// <param name="path">The field.</param>
    /// <param name="wanted">What it should be.</param>
    /// <param name="live">What it is.</param>
    /// <returns>Whether it is.</returns>
    public static bool AreSame(FieldPath path, JsonNode? wanted, JsonNode? live)
    {
        var found = new List<FieldDifference>();
        Compare(path, wanted, live, found);
        return found.Count == 0;
    }

    private static void Compare(FieldPath path, JsonNode? wanted, JsonNode? live, List<FieldDifference> found)
    {
        switch (wanted, live)
        {
            case (_, null) when IsZero(wanted):
                return;
            case (JsonObject ours, JsonObject theirs):
                foreach (var (key, value) in ours)
                {
                    Compare(path.Field(key), value, theirs[key], found);
                }

                return;
            case (JsonArray ours, JsonArray theirs) when Keys.TryGetValue(path.Last, out var key):
                foreach (var item in ours.OfType<JsonObject>())
                {
                    var value = item.Text(key) ?? "";
                    Compare(path.Item(key, value), item, theirs.OfType<JsonObject>().FirstOrDefault(one => one.Text(key) == value), found);
                }

                return;
            case (JsonArray ours, JsonArray theirs) when AreEqual(ours, theirs):
                return;
            case (JsonValue ours, JsonValue theirs) when AreEqual(path, ours, theirs):
                return;
            default:
                found.Add(new FieldDifference(path, live, wanted));
                return;
        }
    }

    private static bool AreEqual(JsonArray ours, JsonArray theirs) => ours.Count == theirs.Count && ours.Zip(theirs).All(pair =>
    {
        var found = new List<FieldDifference>();
        Compare(FieldPath.Root, pair.First, pair.Second, found);
        return found.Count == 0;
    });

    private static bool AreEqual(FieldPath path, JsonValue ours, JsonValue theirs) =>
        JsonNode.DeepEquals(ours, theirs)
        || ((path.Has("limits") || path.Has("requests")) && Quantity.Of(ours) is { } one && Quantity.Of(theirs) == one);

    // A server leaves out what is empty.
    private static bool IsZero(JsonNode? value) => value switch
    {
        null => true,
        JsonArray list => list.Count == 0,
        JsonObject fields => fields.All(field => IsZero(field.Value)),
        _ => value.GetValueKind() switch
        {
            JsonValueKind.String => value.GetValue<string>().Length == 0,
            JsonValueKind.False => true,
            JsonValueKind.Number => value.AsValue().TryGetValue<long>(out var number) && number == 0,
            _ => false,
        },
    };

    // istiod makes its validators strict once they work: from then on the field is its own.
    private static bool IsControllers(JsonObject live, FieldDifference difference) =>
        difference.Path.Last == "failurePolicy"
        && live.Text("kind") == "ValidatingWebhookConfiguration"
        && difference.Live is JsonValue value && value.TryGetValue<string>(out var policy) && policy == "Fail";
}

/// <summary>A field that isn't as wanted.</summary>
/// <param name="Path">The field.</param>
/// <param name="Live">What it is.</param>
/// <param name="Wanted">What it should be.</param>
public sealed record FieldDifference(FieldPath Path, JsonNode? Live, JsonNode? Wanted);
