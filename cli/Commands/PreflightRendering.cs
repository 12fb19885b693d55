using MeshWorkflow.Workflows.Preflights;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>How preflight looks on a terminal: the clusters that need somebody first, the healthy ones in a line.</summary>
internal static class PreflightRendering
{
    public static void Preflight(this IAnsiConsole console, PreflightView view, bool isWhole)
    {
        var healthy = view.Clusters.Where(cluster => cluster.Verdict is "pass" or "notice").ToList();
        foreach (var cluster in view.Clusters.Where(cluster => isWhole || cluster.Verdict is "refuse" or "unknown"))
        {
            console.MarkupLineInterpolated($"[{Colour(cluster.Verdict)}]{Sign(cluster.Verdict)}[/] [bold]{cluster.Cluster}[/]");
            foreach (var check in cluster.Checks.Where(check => isWhole || check.Verdict != "pass"))
            {
                console.Check(check);
            }
        }

        if (!isWhole && healthy.Count > 0)
        {
            console.MarkupLineInterpolated($"[green]√[/] {healthy.Count} cluster(s) are fine (folded; --all shows them).");
            foreach (var notice in healthy.SelectMany(cluster => cluster.Checks).Where(check => check.Verdict != "pass").GroupBy(check => check.Code, StringComparer.Ordinal))
            {
                console.MarkupLineInterpolated($"  [yellow]{Sign(notice.First().Verdict)}[/] {notice.Key} on {notice.Count()} of them, such as: {notice.First().Message}");
            }
        }

        var counts = view.Counts;
        console.MarkupLineInterpolated($"[bold]{counts.Passed} fine, {counts.Unknown} unknown, {counts.Refused} refused.[/]");
    }

    private static void Check(this IAnsiConsole console, PreflightLine check)
    {
        var until = check.UnknownUntil is { } step ? $" (unknown until {step})" : "";
        console.MarkupLineInterpolated($"  [{Colour(check.Verdict)}]{Sign(check.Verdict)} {check.Code}[/] {check.Message}{until}");
        if (check.Verdict != "pass" && (check.Remedy ?? check.Link) is not null)
        {
            console.MarkupLineInterpolated($"      [grey]{string.Join(" ", new[] { check.Remedy, check.Link }.OfType<string>())}[/]");
        }
    }

    private static string Sign(string verdict) => verdict switch
    {
        "pass" => "√",
        "notice" => "i",
        "unknown" => "?",
        _ => "×",
    };

    private static string Colour(string verdict) => verdict switch
    {
        "pass" => "green",
        "notice" or "unknown" => "yellow",
        _ => "red",
    };
}
