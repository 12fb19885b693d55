using MeshWorkflow.Cli.Client;
using MeshWorkflow.Cli.Live;
using MeshWorkflow.Workflows.Api;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Shows what happens in a rollout: on a terminal as a picture that changes, else a line for each event.</summary>
internal static class RolloutWatch
{
    // So many are all shown at the end.
    private const int Few = 3;

    /// <summary>Watches until the rollout has ended, then sums it up.</summary>
    /// <param name="connect">Finds the API; anew, where the connection is lost.</param>
    /// <param name="id">The rollout.</param>
    /// <param name="console">Where it is shown.</param>
    /// <param name="isJson">Whether each happening is a line of JSON, the last one the rollout as the API answers it.</param>
    /// <param name="cancellationToken">Stops the watching, not the rollout.</param>
    /// <exception cref="WatchStoppedException">The watching was stopped; the rollout goes on.</exception>
    public static async Task<RolloutView> ToEndAsync(
        Func<RolloutClient> connect, string id, IAnsiConsole console, bool isJson, CancellationToken cancellationToken)
    {
        try
        {
            return await WatchAsync(connect, id, console, isJson, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new WatchStoppedException(id);
        }
    }

    private static async Task<RolloutView> WatchAsync(
        Func<RolloutClient> connect, string id, IAnsiConsole console, bool isJson, CancellationToken cancellationToken)
    {
        var happenings = new RolloutFollower(connect, TimeProvider.System).FollowAsync(id, cancellationToken);
        if (isJson)
        {
            await JsonAsync(happenings, console);
            using var last = connect();
            var end = await last.ReadAsync(id, cancellationToken);
            console.Json(end, ApiJson.Default.RolloutView);
            return end;
        }

        if (console.Profile.Capabilities is { Interactive: true, Ansi: true })
        {
            await PictureAsync(happenings, console);
        }
        else
        {
            await LinesAsync(happenings, console);
        }

        using var client = connect();
        var ended = await client.ReadAsync(id, cancellationToken);
        console.WriteLine();
        console.Rollout(ended, isWhole: ended.Clusters.Count <= Few);
        return ended;
    }

    /// <summary>A line for each event.</summary>
    public static async Task LinesAsync(IAsyncEnumerable<Happening> happenings, IAnsiConsole console)
    {
        await foreach (var happening in happenings)
        {
            if (happening is Happening.Step step)
            {
                console.Event(step.Event);
            }
            else if (happening is Happening.Lost lost)
            {
                console.MarkupLineInterpolated($"[yellow]The API does not answer, trying again: {lost.Why}[/]");
            }
        }
    }

    /// <summary>A line of JSON for each event.</summary>
    public static async Task JsonAsync(IAsyncEnumerable<Happening> happenings, IAnsiConsole console)
    {
        await foreach (var happening in happenings)
        {
            if (happening is Happening.Step step)
            {
                console.Json(step.Event, ApiJson.Default.RolloutEvent);
            }
        }
    }

    /// <summary>A picture that changes.</summary>
    public static Task PictureAsync(IAsyncEnumerable<Happening> happenings, IAnsiConsole console)
    {
        var live = new LiveRollout();
        return console.Live(LiveView.Of(live, console.Profile.Height))
            .AutoClear(true)
            .Overflow(VerticalOverflow.Ellipsis)
            .StartAsync(async context =>
            {
                await foreach (var happening in happenings)
                {
                    live.Take(happening);
                    context.UpdateTarget(LiveView.Of(live, console.Profile.Height));
                    context.Refresh();
                }
            });
    }
}

/// <summary>Whoever watched has stopped that; the rollout goes on.</summary>
internal sealed class WatchStoppedException(string id) : OperationCanceledException($"{id} goes on.")
{
    public string Id { get; } = id;
}
