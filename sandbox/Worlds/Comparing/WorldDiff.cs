using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Worlds.Comparing;

/// <summary>
/// Compares two worlds. What servers and controllers write by themselves does not count: <see cref="Equality"/> is the whole list.
/// </summary>
public static class WorldDiff
{
    /// <summary>Finds all differences, in the order of the resources' names.</summary>
    /// <param name="before">The first world.</param>
    /// <param name="after">The second world.</param>
    /// <returns>The differences; none: the worlds are equal.</returns>
    public static IReadOnlyList<WorldDifference> Compare(WorldSnapshot before, WorldSnapshot after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var (first, second) = (Equality.Normalise(before), Equality.Normalise(after));
        var found = new List<WorldDifference>();
        foreach (var name in first.Keys.Union(second.Keys).Order(StringComparer.Ordinal))
        {
            Compare(name, "", first.GetValueOrDefault(name), second.GetValueOrDefault(name), found);
        }

        return found;
    }

    private static void Compare(string resource, string path, JsonNode? before, JsonNode? after, List<WorldDifference> found)
    {
        if (before is JsonObject one && after is JsonObject other)
        {
            foreach (var name in one.Select(field => field.Key).Union(other.Select(field => field.Key)).Order(StringComparer.Ordinal))
            {
                Compare(resource, Below(path, name), one[name], other[name], found);
            }
        }
        else if (!JsonNode.DeepEquals(before, after))
        {
            found.Add(new WorldDifference(resource, path, before?.DeepClone(), after?.DeepClone()));
        }
    }

    private static string Below(string path, string name) =>
        name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '_') ? $"{path}[\"{name}\"]" : path.Length == 0 ? name : $"{path}.{name}";
}
