using System.CommandLine;
using MeshWorkflow.Cli.Client;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Watches a rollout to its end.</summary>
internal static class WatchCommand
{
    public static Command Make(IAnsiConsole console)
    {
        var access = new ApiAccess();
        var id = RolloutArgument.Required();
        var json = JsonLook.Option("A line of JSON for each event, then the rollout as the API answers it.");
        var command = new Command("watch", "Shows what happens in a rollout until it ends. The exit code says how.") { id, json };
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var ended = await RolloutWatch.ToEndAsync(() => access.Connect(parsed), parsed.GetRequiredValue(id), console, parsed.GetValue(json), cancellationToken);
            return ExitCodes.Of(ended.Rollout.State);
        });
        return command;
    }
}
