using System.Globalization;
using System.Text.RegularExpressions;

namespace MeshWorkflow.Workflows.Requests;

/// <summary>Times as people write them: 90s, 10m, 1h30m, 500ms, 7d.</summary>
internal static partial class RequestTime
{
    /// <summary>How times look, for others than .NET.</summary>
    public const string Pattern = "^(0|([0-9]+(ms|s|m|h|d))+)$";

    // More is no time that anybody waits, and would not fit.
    private const int MaxLength = 32;

    /// <returns>The time, or null: the text is none.</returns>
    public static TimeSpan? Parse(string text)
    {
        if (text == "0")
        {
            return TimeSpan.Zero;
        }

        var match = text.Length <= MaxLength ? Times().Match(text) : Match.Empty;
        if (!match.Success)
        {
            return null;
        }

        var milliseconds = 0d;
        for (var i = 0; i < match.Groups["n"].Captures.Count; i++)
        {
            var number = double.Parse(match.Groups["n"].Captures[i].Value, NumberStyles.None, CultureInfo.InvariantCulture);
            milliseconds += number * UnitOf(match.Groups["u"].Captures[i].Value);
        }

        return milliseconds < TimeSpan.MaxValue.TotalMilliseconds / 2 ? TimeSpan.FromMilliseconds(milliseconds) : null;
    }

    public static string Write(TimeSpan time) => time switch
    {
        _ when time == TimeSpan.Zero => "0",
        { Milliseconds: not 0 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0}ms"),
        { Seconds: not 0 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0}s"),
        { Minutes: not 0 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0}m"),
        { Hours: not 0 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0}h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0}d"),
    };

    private static double UnitOf(string unit) => unit switch
    {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => 86_400_000,
    };

    [GeneratedRegex("^(?:(?<n>[0-9]+)(?<u>ms|s|m|h|d))+\\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Times();
}
