using System.CommandLine;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.Workflows.Api;
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
        var json = JsonLook.Option();
        var command = new Command("status", "Shows where a rollout stands, cluster by cluster, step by step. Folds what is well.") { id, all, json };
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = access.Connect(parsed);
            if (parsed.GetValue(id) is { } wanted)
            {
                var view = await client.ReadAsync(wanted, cancellationToken);
                if (parsed.GetValue(json))
                {
                    console.Json(view, ApiJson.Default.RolloutView);
                }
                else
                {
                    console.Rollout(view, parsed.GetValue(all));
                }
            }
            else
            {
                console.Rollouts(await client.ListAsync(cancellationToken), parsed.GetValue(json));
            }

            return ExitCodes.Succeeded;
        });
        return command;
    }
}
