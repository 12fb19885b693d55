using System.CommandLine;
using MeshWorkflow.Cli.Client;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Shows where rollouts stand.</summary>
internal static class StatusCommand
{
    public static Command Make(IAnsiConsole console)
    {
        var access = new ApiAccess();
        var id = RolloutArgument.Optional("Default: a list of all.");
        var all = new Option<bool>("--all") { Description = "Show the healthy ones, too." };
        var command = new Command("status", "Shows where a rollout stands, cluster by cluster, step by step. Folds what is well.") { id, all };
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = access.Connect(parsed);
            if (parsed.GetValue(id) is { } wanted)
            {
                console.Rollout(await client.ReadAsync(wanted, cancellationToken), parsed.GetValue(all));
            }
            else
            {
                console.Rollouts(await client.ListAsync(cancellationToken));
            }

            return ExitCodes.Succeeded;
        });
        return command;
    }
}
