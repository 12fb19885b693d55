using System.CommandLine;
using MeshWorkflow.Cli.Asmcli;
using MeshWorkflow.Cli.Client;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Writes the effective operator of a request. Writes to nobody else.</summary>
internal static class PrintConfigCommand
{
    public static Command Make(IAnsiConsole console, IAnsiConsole errors, IReadOnlyList<string> flags)
    {
        var access = new ApiAccess();
        var source = new RequestSource(flags);
        var command = new Command("print-config", "Writes what the control plane would be rendered from, YAML. Changes nothing.");
        source.AddTo(command);
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (source.Read(parsed, Purpose.PrintConfig, errors) is not { } wanted)
            {
                return ExitCodes.Mistakes;
            }

            using var client = access.Connect(parsed);
            return await RequestRuns.PrintConfigAsync(client, wanted, console, errors, cancellationToken);
        });
        return command;
    }
}
