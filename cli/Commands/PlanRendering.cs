using MeshWorkflow.Workflows.Planning;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>How plans look on a terminal.</summary>
internal static class PlanRendering
{
    private const int MaxValue = 120;

    private const string Operator = "operator.yaml";

    public static void Plan(this IAnsiConsole console, PlanView plan, bool isOperator = false)
    {
        // What many clusters have in common is shown once.
        var shown = new Dictionary<string, string>(StringComparer.Ordinal);
        console.Problems(plan);
        foreach (var scope in plan.Scopes.Where(scope => scope.Steps.Any(step => step.Changes.Count + step.Notices.Count > 0)))
        {
            console.WriteLine();
            console.MarkupLineInterpolated($"[bold]{scope.Scope}[/]{(scope.Stage is null ? "" : $"  stage {scope.Stage}")}");
            foreach (var step in scope.Steps)
            {
                console.Step(step);
                foreach (var text in (step.Texts ?? []).Where(text => isOperator || text.Name != Operator))
                {
                    console.Text(scope.Scope, text, shown);
                }
            }
        }

        console.WriteLine();
        var counts = plan.Counts;
        console.MarkupLineInterpolated(
            $"[bold]{counts.Create} to create, {counts.Update} to change[/], {counts.Kept} of them kept by an undo; {counts.Problems} problem(s).");
    }

    public static void Problems(this IAnsiConsole console, PlanView plan)
    {
        foreach (var problem in plan.Problems)
        {
            console.MarkupLineInterpolated($"[red]! {problem.Scope}[/] {problem.Step ?? "preflight"}: [red]{problem.Reason}[/] {problem.Message}");
        }
    }

    private static void Text(this IAnsiConsole console, string scope, PlannedText text, Dictionary<string, string> shown)
    {
        if (!shown.TryAdd($"{text.Name} {text.Text}", scope))
        {
            console.MarkupLineInterpolated($"  [bold]{text.Title}[/] [grey]As for {shown[$"{text.Name} {text.Text}"]}.[/]");
            return;
        }

        console.MarkupLineInterpolated($"  [bold]{text.Title}[/]");
        foreach (var line in text.Text.TrimEnd().Split('\n'))
        {
            console.MarkupLineInterpolated($"      [{(text.Name == Operator ? "default" : Colour(line))}]{line}[/]");
        }
    }

    private static string Colour(string line) => line switch
    {
        ['+', ..] => "green",
        ['-', ..] => "red",
        ['~', ..] => "yellow",
        _ => "grey",
    };

    private static void Step(this IAnsiConsole console, PlannedStep step)
    {
        foreach (var notice in step.Notices)
        {
            console.MarkupLineInterpolated($"  [yellow]i[/] {step.Step}: {notice.Message} [grey]{notice.Code} {notice.Link}[/]");
        }

        foreach (var change in step.Changes)
        {
            var (sign, colour) = change.Action == "create" ? ("+", "green") : ("~", "yellow");
            var undo = change.Undo == "kept" ? $"kept: {change.KeptBecause}" : "undone exactly";
            console.MarkupLineInterpolated($"  [{colour}]{sign}[/] {change.Resource}  [grey]{step.Step}; {undo}[/]");
            foreach (var field in change.Fields)
            {
                console.Field(field);
            }
        }
    }

    private static void Field(this IAnsiConsole console, PlannedField field)
    {
        var after = field.KnownAfter is { } step ? $"(known after {step})" : Short(field.After);
        var (sign, colour, value) = field switch
        {
            { Before: null } => ("+", "green", after),
            { After: null, KnownAfter: null } => ("-", "red", Short(field.Before)),
            _ => ("~", "yellow", $"{Short(field.Before)} -> {after}"),
        };
        console.MarkupLineInterpolated($"      [{colour}]{sign}[/] {field.Path}: {value}");
    }

    private static string Short(string? value)
    {
        var line = (value ?? "").ReplaceLineEndings(" ");
        return line.Length <= MaxValue ? line : line[..MaxValue] + "…";
    }
}
