using System.Globalization;
using MeshWorkflow.Workflows.Api;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.Workflows.Steps;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>How rollouts look on a terminal.</summary>
internal static class Rendering
{
    public static void Event(this IAnsiConsole console, RolloutEvent happened)
    {
        var what = happened.Step is null ? happened.Outcome : $"{happened.Step} {PhaseName(happened.Phase)}";
        var outcome = happened.Step is null ? "" : $" {happened.Outcome.ToLowerInvariant()}";
        var time = happened.At.ToString("HH:mm:ss.f", CultureInfo.InvariantCulture);
        console.MarkupLineInterpolated(
            $"[grey]{time}[/]  {happened.Name,-16} [{Colour(happened.Outcome)}]{what}{outcome}[/]{(happened.Message is null ? "" : "  " + happened.Message)}");
    }

    /// <summary>A rollout with its stages; what is well is folded into one line unless all is wanted.</summary>
    public static void Rollout(this IAnsiConsole console, RolloutView view, bool isWhole = false)
    {
        console.MarkupLineInterpolated($"[bold]{view.Rollout.Id}[/]  [{Colour(view.Rollout.State.ToString())}]{view.Rollout.State}[/]{WishOf(view)}");
        foreach (var stage in view.Stages)
        {
            var until = stage is { State: StageState.Soaking, Until: { } time } ? $" until {time:HH:mm:ss}" : "";
            console.MarkupLineInterpolated(
                $"  stage {stage.Name}: [{Colour(stage.State.ToString())}]{stage.State}[/]{until}, {stage.Clusters} cluster(s), {stage.Failed} failed of {stage.Budget} allowed");
        }

        var all = view.Scopes.Concat(view.Clusters).ToList();
        var healthy = isWhole ? [] : all.Where(scope => scope is { State: ClusterState.Succeeded, Residue.Count: 0 }).ToList();
        foreach (var scope in all.Except(healthy))
        {
            console.Scope(scope);
        }

        if (healthy.Count > 0)
        {
            console.MarkupLineInterpolated($"  [green]{healthy.Count} succeeded[/] [grey](folded; --all shows them)[/]");
        }
    }

    public static void Rollouts(this IAnsiConsole console, RolloutList list, bool isJson)
    {
        if (isJson)
        {
            console.Json(list, ApiJson.Default.RolloutList);
            return;
        }

        foreach (var rollout in list.Rollouts)
        {
            console.MarkupLineInterpolated(
                $"{rollout.Id,-24} [{Colour(rollout.State.ToString())}]{rollout.State,-22}[/] {rollout.Clusters.Count} cluster(s)  {rollout.CreatedAt:u}");
        }
    }

    public static void Refusal(this IAnsiConsole console, Problem problem)
    {
        console.MarkupLineInterpolated($"[red]{problem.Title}[/]: {problem.Detail}{(problem.Remedy is null ? "" : " " + problem.Remedy)}");
        console.Mistakes(problem.Mistakes ?? []);
    }

    public static void Mistakes(this IAnsiConsole console, IReadOnlyList<Mistake> mistakes)
    {
        foreach (var mistake in mistakes)
        {
            var place = mistake.Path.Length == 0 ? "request" : mistake.Path;
            console.MarkupLineInterpolated($"[red]{place}[/] {mistake.Message} [grey]({mistake.Code})[/]. {mistake.Remedy}");
        }
    }

    private static void Scope(this IAnsiConsole console, ScopeDocument cluster)
    {
        var why = cluster.Reason is null ? cluster.Message : $"{cluster.Reason}: {cluster.Message}";
        console.MarkupLineInterpolated($"  {cluster.Scope.Name}  [{Colour(cluster.State.ToString())}]{cluster.State}[/]  {why}");
        foreach (var step in cluster.Steps)
        {
            var waits = step.WaitsFor is null ? "" : $"  waits for {step.WaitsFor}, next try {step.NextTry:HH:mm:ss}";
            console.MarkupLineInterpolated($"    [grey]{step.Step}: {PhaseName(step.Phase.ToString())} {step.Outcome}, attempt {step.Attempt}{waits}[/]");
        }

        foreach (var notice in cluster.Notices)
        {
            console.MarkupLineInterpolated($"    [grey]{notice.Code}: {notice.Message} {notice.Link}[/]");
        }

        foreach (var line in cluster.Residue)
        {
            console.MarkupLineInterpolated($"    [yellow]left: {line.Resource} {line.Path}: {line.Reason}[/]");
        }
    }

    private static string WishOf(RolloutView view) => view.Control switch
    {
        { IsCancelled: true, Reason: { } reason } => $"  cancelled: {reason}",
        { IsCancelled: true } => "  cancelled",
        { IsPaused: true } => "  paused",
        _ => "",
    };

    /// <summary>What a step is at, for people.</summary>
    public static string PhaseName(string? phase) => phase switch
    {
        nameof(StepPhase.VerifyUndo) => "verify undo",
        null => "",
        _ => phase.ToLowerInvariant(),
    };

    /// <summary>How an outcome or a state is coloured.</summary>
    public static string Colour(string outcome) => outcome switch
    {
        "Done" or "Succeeded" or "SucceededWithSkips" => "green",
        "Refused" or "Failed" or "Cancelled" or "CompensationIncomplete" => "red",
        "Conflict" or "Compensating" or "Compensated" or "CompletedWithFailures" or "Skipped" => "yellow",
        _ => "default",
    };
}
