using System.CommandLine;
using MeshWorkflow.Cli.Client;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Undoes a rollout, and watches that to its end.</summary>
internal static class RollbackCommand
{
    public static Command Make(IAnsiConsole console)
    {
        var access = new ApiAccess();
        var id = RolloutArgument.Required();
        var detach = new Option<bool>("--detach") { Description = "Don't wait for the end." };
        var command = new Command("rollback", "Undoes all that a rollout did, last cluster first. Can be repeated.") { id, detach };
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = access.Connect(parsed);
            var begun = await client.RollBackAsync(parsed.GetRequiredValue(id), cancellationToken);
            return parsed.GetValue(detach)
                ? ExitCodes.Succeeded
                : ExitCodes.Of((await RolloutWatch.ToEndAsync(() => access.Connect(parsed), begun.Rollout.Id, console, isJson: false, cancellationToken)).Rollout.State);
        });
        return command;
    }
}
