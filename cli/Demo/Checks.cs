using MeshWorkflow.Sandbox.Worlds.Comparing;
using Spectre.Console;

namespace MeshWorkflow.Cli.Demo;

/// <summary>How the demo shows what it checks, and how differences of two worlds look.</summary>
internal static class Checks
{
    public static bool Check(this IAnsiConsole console, string what, bool isSo, IReadOnlyList<WorldDifference>? differences = null)
    {
        console.MarkupLineInterpolated($"  {(isSo ? "yes" : "NO ")}  [{(isSo ? "green" : "red")}]{what}[/]");
        console.Differences(differences ?? []);
        return isSo;
    }

    public static void Differences(this IAnsiConsole console, IReadOnlyList<WorldDifference> differences)
    {
        foreach (var difference in differences)
        {
            var place = difference.Path.Length == 0 ? "" : $" {difference.Path}";
            var sign = difference.Before is null ? "+" : difference.After is null ? "-" : "~";
            console.MarkupLineInterpolated($"       [grey]{sign} {difference.Resource}{place}[/]");
        }
    }
}
