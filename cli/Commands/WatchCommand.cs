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
        var command = new Command("watch", "Shows what happens in a rollout until it ends. The exit code says how.") { id };
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var ended = await RolloutWatch.ToEndAsync(() => access.Connect(parsed), parsed.GetRequiredValue(id), console, cancellationToken);
            return ExitCodes.Of(ended.Rollout.State);
        });
        return command;
    }
}
