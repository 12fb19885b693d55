using MeshWorkflow.Cli.Client;
using MeshWorkflow.Workflows.Api;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Shows what happens in a rollout, a line for each event.</summary>
internal static class RolloutWatch
{
    // So many are all shown at the end.
    private const int Few = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Watches until the rollout has ended, then sums it up.</summary>
    public static async Task<RolloutView> ToEndAsync(
        RolloutClient client, string id, IAnsiConsole console, CancellationToken cancellationToken)
    {
        var shown = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var view = await client.ReadAsync(id, cancellationToken);
            foreach (var (cluster, happened) in view.Scopes.Concat(view.Clusters)
                .SelectMany(cluster => cluster.Events.Select(happened => (cluster, happened)))
                .Where(pair => shown.Add(pair.happened.Id))
                .OrderBy(pair => pair.happened.At))
            {
                console.Event(cluster, happened);
            }

            if (view.Rollout.HasEnded)
            {
                console.WriteLine();
                console.Rollout(view, isWhole: view.Clusters.Count <= Few);
                return view;
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }
}
