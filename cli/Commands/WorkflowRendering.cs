using System.Globalization;
using MeshWorkflow.Sidecar.Looks;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Workflow instances for people.</summary>
internal static class WorkflowRendering
{
    public static void Workflows(this IAnsiConsole console, IReadOnlyList<WorkflowSummary> list)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("APP", "ID", "WORKFLOW", "STATUS", "UPDATED", "WAITS FOR");
        foreach (var instance in list)
        {
            table.AddRow(
                new Text(instance.App),
                new Text(instance.Id),
                new Text(instance.Name),
                new Text(instance.Status),
                new Text(Time(instance.UpdatedAt)),
                new Text(string.Join(", ", Waits(instance))));
        }

        console.Write(table);
    }

    public static void Workflow(this IAnsiConsole console, WorkflowDetails details)
    {
        console.MarkupLineInterpolated($"[bold]{details.Id}[/] of {details.App}: {details.Name}, {details.Status}");
        console.MarkupLineInterpolated($"started {Time(details.CreatedAt)}, {details.Turns} turns, history {details.HistorySize} bytes");
        if (details.Parent is { } parent)
        {
            console.MarkupLineInterpolated($"child of {parent}");
        }

        if (details.CustomStatus is { Length: > 0 } status)
        {
            console.MarkupLineInterpolated($"says {status}");
        }

        foreach (var wait in details.Waits)
        {
            console.MarkupLineInterpolated($"waits for {Text(wait)}");
        }
    }

    public static void History(this IAnsiConsole console, IReadOnlyList<WorkflowHistoryLine> lines)
    {
        foreach (var line in lines)
        {
            var number = line.Id < 0 ? "" : line.Id.ToString(CultureInfo.InvariantCulture);
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Time(line.At)} {number,4} {line.Type} {line.Text}").TrimEnd());
        }
    }

    private static string Text(WorkflowWait wait)
    {
        var parts = new[]
        {
            wait.For.ToString().ToLowerInvariant(),
            wait.What,
            wait.App is { } app ? $"on {app}" : "",
            wait.Since is { } since ? $"since {Time(since)}" : "",
            wait.Until is { } until ? $"until {Time(until)}" : "",
        };
        return string.Join(' ', parts.Where(part => part.Length > 0));
    }

    private static IEnumerable<string> Waits(WorkflowSummary instance)
    {
        (int Count, string What)[] waits =
        [
            (instance.OpenActivities, "activities"), (instance.OpenTimers, "timers"), (instance.Unread, "a turn, with events:"),
        ];
        return waits.Where(wait => wait.Count > 0).Select(wait => string.Create(CultureInfo.InvariantCulture, $"{wait.What} {wait.Count}"));
    }

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
