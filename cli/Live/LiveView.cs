using System.Globalization;
using MeshWorkflow.Cli.Commands;
using MeshWorkflow.Workflows.ReadModel;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MeshWorkflow.Cli.Live;

/// <summary>How a rollout under way looks on a terminal: its stages, what is under way or went wrong, and the rest folded into counts.</summary>
internal static class LiveView
{
    private const int BarWidth = 20;

    /// <summary>Draws it.</summary>
    /// <param name="live">The rollout.</param>
    /// <param name="height">How many lines there are.</param>
    public static IRenderable Of(LiveRollout live, int height)
    {
        List<IRenderable> lines = [Head(live), .. live.Stages.Select(Stage)];
        var told = live.Scopes.Where(scope => !scope.IsHealthy).OrderBy(scope => IsUnderWay(scope) ? 0 : 1).ToList();
        var room = Math.Max(height - lines.Count - 4, 3);
        lines.Add(Scopes(told.Take(room)));
        lines.Add(Folded(live, told.Skip(room).Count()));
        return new Rows(lines);
    }

    private static Markup Head(LiveRollout live)
    {
        var state = live.Rollout?.State.ToString() ?? "…";
        var lost = live.Lost is null ? "" : $"  the API does not answer, trying again: {live.Lost}";
        return Markup.FromInterpolated(CultureInfo.InvariantCulture, $"[bold]{live.Rollout?.Id}[/]  [{Rendering.Colour(state)}]{state}[/][red]{lost}[/]");
    }

    private static Markup Stage(StageDocument stage)
    {
        var what = stage.State switch
        {
            StageState.Soaking => $"Soaking until {stage.Until:HH:mm:ss}",
            StageState.AwaitingApproval => "AwaitingApproval: meshwf approve",
            _ => stage.State.ToString(),
        };
        var failed = stage.Failed == 0 ? "" : $", {stage.Failed} failed of {stage.Budget} allowed";
        return Markup.FromInterpolated(
            CultureInfo.InvariantCulture, $"  {Mark(stage.State)} {stage.Name,-16} [{Rendering.Colour(stage.State.ToString())}]{what}[/], {stage.Clusters} cluster(s){failed}");
    }

    private static string Mark(StageState state) => state switch
    {
        StageState.Done => "✓",
        StageState.Failed or StageState.Cancelled => "✗",
        StageState.Running or StageState.Soaking or StageState.AwaitingApproval => "▸",
        _ => "·",
    };

    private static Grid Scopes(IEnumerable<LiveScope> scopes)
    {
        var grid = new Grid { Expand = false };
        grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(4, 0, 2, 0) });
        grid.AddColumn(new GridColumn { NoWrap = true });
        grid.AddColumn(new GridColumn { NoWrap = true });
        grid.AddColumn();
        foreach (var scope in scopes)
        {
            grid.AddRow(
                Text(scope.Name),
                Text(scope.State.ToString(), Rendering.Colour(scope.State.ToString())),
                Text(scope.Done == 0 ? "" : new string('•', Math.Min(scope.Done, BarWidth)), "green"),
                Text($"{Doing(scope)}{scope.Message}"));
        }

        return grid;
    }

    private static Markup Folded(LiveRollout live, int hidden)
    {
        var clusters = live.Scopes.Count(scope => scope.IsHealthy);
        var more = hidden == 0 ? "" : $", {hidden} more under way";
        var waiting = live.Waiting <= 0 ? "" : $", {live.Waiting} still to come";
        return Markup.FromInterpolated(CultureInfo.InvariantCulture, $"    [green]{clusters} succeeded[/][grey]{more}{waiting}[/]");
    }

    private static string Doing(LiveScope scope)
    {
        if (scope.Step is null)
        {
            return "";
        }

        var doing = $"{scope.Step} {Rendering.PhaseName(scope.Phase)} {scope.Outcome?.ToLowerInvariant()}";
        return scope.Message is null ? doing : $"{doing}: ";
    }

    private static bool IsUnderWay(LiveScope scope) => scope.State is ClusterState.Running or ClusterState.Compensating;

    private static Markup Text(string text, string style = "default") =>
        new Markup($"[{style}]{Markup.Escape(text)}[/]").Overflow(Overflow.Ellipsis);
}
