using System.Globalization;
using System.Text.RegularExpressions;

namespace MeshWorkflow.Sandbox.Kubernetes.Kinds;

/// <summary>The order of API versions: stable before beta before alpha, newer before older, then by name.</summary>
internal sealed partial class VersionOrder : IComparer<string>
{
    public static VersionOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var (left, right) = (Rank(x ?? ""), Rank(y ?? ""));
        return left == right ? string.CompareOrdinal(x, y) : right.CompareTo(left);
    }

    private static (int Stage, int Major, int Minor) Rank(string version)
    {
        var match = Shape().Match(version);
        if (!match.Success)
        {
            return (0, 0, 0);
        }

        var stage = match.Groups["stage"].Value switch { "" => 3, "beta" => 2, _ => 1 };
        return (stage, Number(match.Groups["major"].Value), Number(match.Groups["minor"].Value));
    }

    private static int Number(string digits) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex("^v(?<major>[1-9][0-9]*)((?<stage>alpha|beta)(?<minor>[1-9][0-9]*))?$")]
    private static partial Regex Shape();
}
