using System.CommandLine;
using MeshWorkflow.Cli.Client;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Lists rollouts.</summary>
internal static class ListCommand
{
    public static Command Make(IAnsiConsole console)
    {
        var access = new ApiAccess();
        var json = JsonLook.Option();
        var command = new Command("list", "Lists all rollouts, newest first.") { json };
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = access.Connect(parsed);
            console.Rollouts(await client.ListAsync(cancellationToken), parsed.GetValue(json));
            return ExitCodes.Succeeded;
        });
        return command;
    }
}
