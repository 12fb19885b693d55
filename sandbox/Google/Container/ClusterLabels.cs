using System.Text.RegularExpressions;

namespace MeshWorkflow.Sandbox.Google.Container;

/// <summary>What labels of resources may be.</summary>
internal static partial class ClusterLabels
{
    private const int MaxCount = 64;

    /// <summary>Why labels are none, or null: they are.</summary>
    public static string? Refuse(IReadOnlyDictionary<string, string> labels)
    {
        if (labels.Count > MaxCount)
        {
            return $"There may be at most {MaxCount} labels.";
        }

        return labels.Where(label => !Key().IsMatch(label.Key) || !Value().IsMatch(label.Value)).Select(label =>
            $"Label \"{label.Key}: {label.Value}\" is invalid: keys begin with a lower-case letter; keys and values have at most 63 lower-case letters, digits, '_' and '-'.")
            .FirstOrDefault();
    }

    [GeneratedRegex("^[\\p{Ll}\\p{Lo}][\\p{Ll}\\p{Lo}\\p{N}_-]{0,62}\\z")]
    private static partial Regex Key();

    [GeneratedRegex("^[\\p{Ll}\\p{Lo}\\p{N}_-]{0,63}\\z")]
    private static partial Regex Value();
}
