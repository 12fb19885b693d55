using System.Globalization;
using System.Text.RegularExpressions;

namespace MeshWorkflow.Sandbox.Worlds.Files;

/// <summary>Durations as people write them: <c>200ms</c>, <c>5s</c>, <c>2m</c>, <c>1h</c>; at most a day.</summary>
internal static partial class Durations
{
    /// <returns>The duration; null: it is none.</returns>
    public static TimeSpan? Read(string text)
    {
        if (Form().Match(text) is not { Success: true } match || !int.TryParse(match.Groups["number"].Value, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        var duration = match.Groups["unit"].Value switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "s" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            _ => TimeSpan.FromHours(number),
        };
        return duration <= TimeSpan.FromDays(1) ? duration : null;
    }

    [GeneratedRegex("^(?<number>[0-9]{1,8})(?<unit>ms|s|m|h)\\z")]
    private static partial Regex Form();
}
